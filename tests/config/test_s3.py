"""Contents in storage that speaks S3, which moto's server stands in for."""

import io
import shutil
import socket
import socketserver
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import boto3
import pytest
from apiflask import APIFlask
from moto.server import ThreadedMotoServer
from sqlalchemy import select

from app import create_app
from bulletins import services
from bulletins.inputs import UploadInput
from bulletins.services import reading, sweeping, uploads
from config import clock
from config.database import db
from config.errors import NotFound, Unavailable
from config.files import store
from config.journal import Entry
from config.s3 import S3Store
from parts.ports import free_port
from tests.bulletins.attaching import attached
from tests.bulletins.files import PDF
from tests.bulletins.finding import indexed, titles
from tests.bulletins.papers import drafted, every_check, published
from tests.conftest import Browser, make_settings
from tests.worlds import World, csrf_of, sign_in

LARGE = bytes(range(256)) * 50_000


@pytest.fixture(scope="module")
def server() -> Iterator[ThreadedMotoServer]:
    """Storage that speaks S3; stopped and started again it has what it had."""
    started = ThreadedMotoServer("127.0.0.1", free_port(), verbose=False)
    started.start()
    yield started
    started.stop()


@pytest.fixture(scope="module")
def url(server: ThreadedMotoServer) -> str:
    """The address of a bucket, as the settings take it."""
    host = f"127.0.0.1:{server.get_host_and_port()[1]}"
    boto3.client(
        "s3",
        endpoint_url=f"http://{host}",
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret/1",
    ).create_bucket(Bucket="files")
    return f"s3://key:secret%2F1@{host}/files?tls=0"


def test_a_content_comes_back_as_it_was_and_goes(url: str) -> None:
    contents = S3Store(url)
    for content in (b"", b"short", LARGE):
        contents.put("content/ab/one", io.BytesIO(content))
        with contents.open("content/ab/one") as found:
            assert found.read() == content
    soon = clock.now() + timedelta(minutes=1)
    assert list(contents.keys("content", soon)) == ["content/ab/one"]
    assert list(contents.keys("content", soon - timedelta(hours=1))) == []
    assert list(contents.keys("parts", soon)) == []
    for _twice in range(2):
        contents.delete("content/ab/one")
    with pytest.raises(NotFound):
        contents.open("content/ab/one")


def test_storage_that_is_away_says_so(url: str) -> None:
    away = S3Store(f"s3://key:secret@127.0.0.1:{free_port()}/files?tls=0")
    with pytest.raises(Unavailable):
        away.put("content/ab/one", io.BytesIO(b"x"))
    with pytest.raises(Unavailable):
        S3Store(url.replace("/files", "/none")).put("content/ab/one", io.BytesIO(b"x"))


class Breaking(socketserver.BaseRequestHandler):
    """A line to the storage that breaks in the middle of a content."""

    port = 0

    def handle(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port)) as storage:
            storage.sendall(self.request.recv(65536))
            passed = 0
            while passed < 1_000_000 and (some := storage.recv(65536)):
                self.request.sendall(some)
                passed += len(some)


def test_a_line_that_breaks_while_a_content_is_read_is_told_as_such(url: str) -> None:
    S3Store(url).put("content/cd/one", io.BytesIO(LARGE))
    Breaking.port = urlsplit(url).port or 0
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Breaking) as line:
        Thread(target=line.serve_forever, kwargs={"poll_interval": 0.01}).start()
        broken = S3Store(url.replace(f":{Breaking.port}/", f":{line.server_address[1]}/"))
        with pytest.raises(Unavailable), broken.open("content/cd/one") as content:
            shutil.copyfileobj(content, io.BytesIO())
        line.shutdown()
    S3Store(url).delete("content/cd/one")


@pytest.fixture
def app(url: str, tmp_path: Path, sqlite_template: Path) -> Iterator[APIFlask]:
    """The whole service with its files in the bucket."""
    settings = make_settings(tmp_path / "data", files_url=url)
    (settings.data_dir / "changtong.sqlite3").write_bytes(sqlite_template.read_bytes())
    made = create_app(settings)
    made.test_client_class = Browser
    with made.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


def test_attached_uploaded_in_parts_downloaded_and_swept(app: APIFlask, world: World) -> None:
    clerk, draft = world.actor("province-clerk"), drafted(world)
    one = attached(world, draft)
    upload = uploads.begin(clerk, draft.id, UploadInput(name="a.txt", size=30))
    for start in (0, 10, 20):
        uploads.receive(clerk, upload.id, start, b"0123456789")
    two = uploads.finish(clerk, upload.id)
    browser = sign_in(app, world.people["province-clerk"])
    assert browser.get(f"/attachments/{one.id}/file").data == PDF
    part = browser.get(f"/attachments/{two.id}/file", headers={"Range": "bytes=5-14"})
    assert (part.status_code, part.data) == (206, b"5678901234")
    assert not (Path(app.config["DATA_DIR"]) / "files").exists()
    sweeping.sweep()
    assert len(list(store().keys("content", clock.now() + timedelta(minutes=1)))) == 2
    assert list(store().keys("parts", clock.now() + timedelta(minutes=1))) == []


def test_what_the_worker_reads_of_attachments_is_found(app: APIFlask, world: World) -> None:
    draft = drafted(world)
    attached(world, draft, "清单.txt", "塔式起重机清单".encode())
    services.submit(world.actor("province-clerk"), draft.id, every_check())
    services.sign(world.actor("province-approver"), draft.id, looked_at=every_check())
    indexed()
    reading.read_files()
    assert titles(world, "county", "起重机") == [draft.title]


def test_while_the_storage_is_away_all_is_refused_and_goes_on_when_it_is_back(
    app: APIFlask, world: World, server: ThreadedMotoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _seconds: None)
    clerk, draft = world.actor("province-clerk"), drafted(world)
    one = attached(world, draft)
    upload = uploads.begin(clerk, draft.id, UploadInput(name="a.txt", size=20))
    uploads.receive(clerk, upload.id, 0, b"0123456789")
    browser = sign_in(app, world.people["province-clerk"])
    page = f"/bulletins/{draft.id}/attachments"
    token = csrf_of(browser.get(page).text)
    part = f"/uploads/{upload.id}/parts/10"
    asked = f"/bulletins/{published(world).id}/questions"
    county = sign_in(app, world.people["county-clerk"])
    with_file: dict[str, object] = {"text": "期限可否延长？"}
    with_file["csrf_token"] = csrf_of(county.get(asked).text)
    server.stop()
    with_file["files"] = (io.BytesIO(b"new"), "c.txt")
    typed = county.post(asked, data=with_file)
    refused = [
        browser.get(f"/attachments/{one.id}/file"),
        browser.get(f"/attachments/{one.id}"),
        browser.post(part, data=b"x" * 10, headers={"X-CSRFToken": token}),
        browser.post(page, data={"csrf_token": token, "files": (io.BytesIO(b"new"), "b.txt")}),
    ]
    server.start()
    assert "期限可否延长？</textarea>" in typed.text
    for answer in (*refused, typed):
        assert answer.status_code == 503
        assert "存放文件的存储现在连不上" in answer.text
    assert uploads.standing(clerk, upload.id).received == 10
    assert "b.txt" not in browser.get(page).text
    kinds = select(Entry.kind).where(Entry.kind == "attachment.downloaded")
    assert db.session.scalars(kinds).all() == []
    assert browser.get(f"/attachments/{one.id}/file").data == PDF
    assert db.session.scalars(kinds).all() == ["attachment.downloaded"]
    uploads.receive(clerk, upload.id, 10, b"9876543210")
    two = uploads.finish(clerk, upload.id)
    assert browser.get(f"/attachments/{two.id}/file").data == b"01234567899876543210"
