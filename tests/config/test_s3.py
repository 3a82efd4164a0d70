"""Contents in storage that speaks S3, which moto's server stands in for."""

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import boto3
import pytest
from apiflask import APIFlask
from moto.server import ThreadedMotoServer

from app import create_app
from bulletins.inputs import UploadInput
from bulletins.services import sweeping, uploads
from config import clock
from config.database import db
from config.errors import NotFound, Unavailable
from config.files import store
from config.s3 import S3Store
from parts.ports import free_port
from tests.bulletins.attaching import attached
from tests.bulletins.files import PDF
from tests.bulletins.papers import drafted
from tests.conftest import Browser, make_settings
from tests.worlds import World, sign_in

LARGE = bytes(range(256)) * 50_000


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address of a bucket, as the settings take it."""
    server = ThreadedMotoServer("127.0.0.1", free_port(), verbose=False)
    server.start()
    host = f"127.0.0.1:{server.get_host_and_port()[1]}"
    boto3.client(
        "s3",
        endpoint_url=f"http://{host}",
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret/1",
    ).create_bucket(Bucket="files")
    yield f"s3://key:secret%2F1@{host}/files?tls=0"
    server.stop()


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
