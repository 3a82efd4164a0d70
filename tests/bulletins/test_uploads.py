"""Files in parts over a line that breaks: what has arrived stays, and nothing is doubled."""

import io

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from bulletins import services
from bulletins.inputs import UploadInput
from bulletins.models import Attachment, Upload, UploadPart
from bulletins.queries import attachments as queries
from bulletins.services import uploads
from config.database import db
from config.errors import Conflict, Invalid, NotFound, StorageFull
from tests.bulletins.attaching import full_disk, kept
from tests.bulletins.browsing import FETCH, Browsers
from tests.bulletins.files import PDF, SVG
from tests.bulletins.papers import drafted
from tests.worlds import World, csrf_of

FILE = b"%PDF-1.7\n" + bytes(range(256)) * 400 + b"\nstartxref\n0\n%%EOF\n"


def announced(content: bytes = FILE, name: str = "图册.pdf", mark: str = "1") -> UploadInput:
    """What the sender says of the file before it is sent."""
    return UploadInput(name=name, size=len(content), mark=mark)


class Line:
    """A browser's script that sends a file, over a line that may break."""

    def __init__(self, client: FlaskClient, bulletin_id: int) -> None:
        self._client = client
        self._bulletin_id = bulletin_id
        page = client.get(f"/bulletins/{bulletin_id}/attachments").text
        self._headers = {**FETCH, "X-CSRFToken": csrf_of(page)}

    def begin(self, content: bytes = FILE, name: str = "图册.pdf") -> dict[str, object]:
        """Announce the file, again after each break; how far it is, and its address."""
        data = {"name": name, "size": len(content), "mark": "1543200000000"}
        url = f"/bulletins/{self._bulletin_id}/uploads"
        answer = self._client.post(url, data=data, headers=self._headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, object] = answer.get_json()
        return found

    def send(self, url: object, start: int, part: bytes, *, cut: int | None = None) -> int:
        """Send a part; with ``cut``, the line breaks after so many bytes of it. The status."""
        body = part if cut is None else part[:cut]
        answer = self._client.post(
            f"{url}/parts/{start}",
            input_stream=io.BytesIO(body),
            environ_overrides={"CONTENT_LENGTH": str(len(part))},
            content_type="application/octet-stream",
            headers=self._headers,
        )
        return answer.status_code

    def finish(self, url: object) -> tuple[int, dict[str, object]]:
        """Say that all has been sent."""
        answer = self._client.post(f"{url}/finish", headers=self._headers)
        return answer.status_code, answer.get_json()


@pytest.mark.parametrize("tenth", range(1, 10))
def test_cut_at_each_tenth_it_goes_on_from_there(
    world: World, browser_of: Browsers, tenth: int
) -> None:
    draft = drafted(world)
    line = Line(browser_of(world.people["province-clerk"]), draft.id)
    url = line.begin()["url"]
    size = len(FILE) // 4
    where = len(FILE) * tenth // 10
    for start in range(0, where, size):
        part = FILE[start : start + size]
        cut = where - start if start + len(part) > where else None
        assert line.send(url, start, part, cut=cut) == (200 if cut is None else 400)
    again = line.begin()
    assert (again["url"], again["received"]) == (url, where // size * size)
    start = where // size * size
    assert line.send(url, start, FILE[start:]) == 200
    status, made = line.finish(url)
    assert status == 200
    assert line.finish(url) == (200, made)  # the answer may be what was lost
    found = queries.working(draft.id)
    assert [(one.id, one.name, one.file.size) for one in found] == [
        (made["id"], "图册.pdf", len(FILE))
    ]
    assert list(kept().values()) == [FILE]
    assert db.session.scalar(select(func.count()).select_from(UploadPart)) == 0


def test_a_part_out_of_place_changes_nothing(world: World, browser_of: Browsers) -> None:
    draft = drafted(world)
    line = Line(browser_of(world.people["province-clerk"]), draft.id)
    url = line.begin()["url"]
    assert line.send(url, 0, FILE[:1000]) == 200
    assert line.send(url, 0, FILE[:1000]) == 409  # the answer was lost, the part was not
    assert line.send(url, 2000, FILE[2000:3000]) == 409
    assert line.send(url, 1000, b"") == 422
    assert line.send(url, 1000, FILE + b"more") == 422
    assert line.finish(url)[0] == 409
    assert line.begin()["received"] == 1000
    assert len(kept()) == 1


def test_another_file_is_another_upload(world: World) -> None:
    clerk, draft = world.actor("province-clerk"), drafted(world)
    first = uploads.begin(clerk, draft.id, announced())
    assert uploads.begin(clerk, draft.id, announced()).id == first.id
    others = [
        uploads.begin(clerk, draft.id, announced(mark="2")),
        uploads.begin(clerk, draft.id, announced(name="图册2.pdf")),
        uploads.begin(clerk, draft.id, announced(FILE[1:])),
        uploads.begin(clerk, draft.id, announced(mark="")),
        uploads.begin(clerk, draft.id, announced(mark="")),
    ]
    assert len({first.id, *(one.id for one in others)}) == 6


def test_an_upload_is_its_sender_s_alone(world: World, browser_of: Browsers) -> None:
    draft = drafted(world)
    upload = uploads.begin(world.actor("province-clerk"), draft.id, announced())
    for name in ("city-clerk", "unrelated-clerk"):
        stranger = world.actor(name)
        with pytest.raises(NotFound):
            uploads.receive(stranger, upload.id, 0, b"x")
        with pytest.raises(NotFound):
            uploads.begin(stranger, draft.id, announced())
        assert browser_of(world.people[name]).get(f"/uploads/{upload.id}").status_code == 404


def test_what_arrives_is_looked_at_as_any_other(world: World) -> None:
    clerk, draft = world.actor("province-clerk"), drafted(world)
    upload = uploads.begin(clerk, draft.id, announced(SVG, "图.png"))
    uploads.receive(clerk, upload.id, 0, SVG)
    with pytest.raises(Invalid) as refused:
        uploads.finish(clerk, upload.id)
    assert "不接受网页、SVG" in str(refused.value.errors["files"])
    assert kept() == {}
    assert db.session.scalar(select(func.count(Upload.id))) == 0


def test_files_on_their_way_count_too(app: APIFlask, world: World) -> None:
    clerk, draft = world.actor("province-clerk"), drafted(world)
    app.extensions["settings"] = app.extensions["settings"].model_copy(update={"attachments": 2})
    first = uploads.begin(clerk, draft.id, announced(mark="1"))
    uploads.begin(clerk, draft.id, announced(mark="2"))
    with pytest.raises(Invalid):
        uploads.begin(clerk, draft.id, announced(mark="3"))
    uploads.cancel(clerk, first.id)
    uploads.begin(clerk, draft.id, announced(mark="3"))


def test_ten_thousand_announced_are_stopped(app: APIFlask, world: World) -> None:
    clerk = world.actor("province-clerk")
    app.extensions["settings"] = app.extensions["settings"].model_copy(
        update={"attachments": 1000, "attachments_mb": 10_000}
    )
    draft = drafted(world)
    for number in range(uploads.MOST_OPEN):
        uploads.begin(clerk, draft.id, announced(mark=str(number)))
    with pytest.raises(Invalid) as refused:
        uploads.begin(clerk, drafted(world).id, announced())
    assert "太多没传完的文件" in str(refused.value.errors["files"])


def test_a_full_disk_keeps_what_has_arrived(world: World) -> None:
    clerk, draft = world.actor("province-clerk"), drafted(world)
    content = b"%PDF-" + bytes(5_000_000) + b"%%EOF"
    upload = uploads.begin(clerk, draft.id, announced(content))
    half = len(content) // 2
    uploads.receive(clerk, upload.id, 0, content[:half])
    with pytest.raises(StorageFull), full_disk(2_000_000):
        uploads.receive(clerk, upload.id, half, content[half:])
    assert uploads.standing(clerk, upload.id).received == half
    assert len(kept()) == 1
    uploads.receive(clerk, upload.id, half, content[half:])
    uploads.finish(clerk, upload.id)
    assert list(kept().values()) == [content]


def test_a_paper_that_was_submitted_takes_no_more(world: World) -> None:
    clerk, draft = world.actor("province-clerk"), drafted(world)
    upload = uploads.begin(clerk, draft.id, announced(PDF))
    uploads.receive(clerk, upload.id, 0, PDF)
    services.submit(clerk, draft.id)
    with pytest.raises(Conflict):
        uploads.finish(clerk, upload.id)
    assert db.session.scalar(select(func.count(Attachment.id))) == 0
