"""Papers are found by the words of their attachments and those of relays; the worker reads both."""

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from bulletins import services
from bulletins.models import Bulletin, FileWords
from bulletins.services import keeping, reading
from config import files
from config.database import db
from tests.bulletins.attaching import attached, kept
from tests.bulletins.browsing import Browsers
from tests.bulletins.files import PDF, picture, written_pdf
from tests.bulletins.finding import indexed, titles, told
from tests.bulletins.finding import kept as saved
from tests.bulletins.papers import drafted, every_check
from tests.bulletins.queries import counted
from tests.bulletins.relays import begun, to_cities
from tests.worlds import World

LIST = "序号\n塔式起重机清单 <b>甲</b>\n".encode()


def _published(world: World, *files: tuple[str, bytes], **given: Any) -> Bulletin:
    bulletin = drafted(world, **given)
    for name, content in files:
        attached(world, bulletin, name, content)
    services.submit(world.actor("province-clerk"), bulletin.id, every_check())
    services.sign(world.actor("province-approver"), bulletin.id, looked_at=every_check())
    indexed()
    return bulletin


@pytest.fixture
def reader(world: World, browser_of: Browsers) -> FlaskClient:
    """Somebody of the county who reads."""
    return browser_of(world.people["county-reader"])


def test_words_of_attachments_are_found_once_they_were_read(
    world: World, reader: FlaskClient
) -> None:
    _published(world, ("清单.txt", LIST), ("表.pdf", written_pdf("Crane register")), title="检查")
    assert titles(world, "county", "起重机") == []
    reading.read_files()
    for words in ("起重机", "塔式起重机", "crane", "检查 起重机", "起重机 register"):
        assert titles(world, "county", words) == ["检查"], words
    assert titles(world, "county", "起重机甲") == []
    assert titles(world, "unrelated", "起重机") == []
    page = reader.get("/search?q=起重机").text
    assert "附件中" in page
    assert "清单.txt" in page
    assert "塔式<mark>起重机</mark>清单 &lt;b&gt;甲" in page
    assert "附件中" not in reader.get("/search?q=检查").text


def test_each_content_is_read_once_and_a_picture_never_again(world: World) -> None:
    _published(world, ("一.txt", LIST), title="甲")
    _published(world, ("二.txt", LIST), ("图.png", picture()), title="乙")
    reading.read_files()
    assert titles(world, "county", "起重机") == ["乙", "甲"]
    assert sorted(map(bool, db.session.scalars(select(FileWords.text)))) == [False, True]
    with counted() as seen:
        reading.read_files()
    assert len(seen) == 1
    # published after its file was read, a paper is found by it at once
    _published(world, ("三.txt", LIST), title="丙")
    assert titles(world, "county", "起重机") == ["丙", "乙", "甲"]


def test_a_file_that_cannot_be_had_holds_up_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    _published(world, ("一.pdf", PDF), title="甲")
    _published(world, ("二.txt", LIST), title="乙")
    whole = files.store()

    class Broken:
        def open(self, key: str) -> object:
            if kept()[key] == PDF:
                raise OSError
            return whole.open(key)

    monkeypatch.setattr(keeping, "store", Broken)
    reading.read_files()
    assert titles(world, "county", "起重机") == ["乙"]
    assert titles(world, "county", "checks") == []
    monkeypatch.undo()
    reading.read_files()
    assert titles(world, "county", "checks") == ["甲"]


def test_followed_searches_find_what_stands_in_attachments(world: World) -> None:
    county = world.agencies["county"]
    saved(world, q="起重机", name="吊")
    saved(world, "sibling", q="起重机")
    _published(world, ("清单.txt", LIST), title="检查", to_all=False, to_agencies=[county])
    _relayed_with(world, ("分工.txt", LIST + b"1"), title="再查")
    indexed()
    assert told(world, "county") == []
    reading.read_files()
    reading.read_files()
    indexed()
    assert told(world, "county") == [("检查", "检索“吊”"), ("再查", "检索“吊”")]
    assert told(world, "sibling") == []


def test_papers_are_found_by_the_names_of_their_attachments_at_once(
    world: World, reader: FlaskClient
) -> None:
    _published(world, ("起重机照片.png", picture()), ("清单.txt", LIST), title="检查")
    assert titles(world, "county", "起重机照片") == ["检查"]
    reading.read_files()
    assert titles(world, "county", "起重机照片") == ["检查"]
    assert titles(world, "county", "照片序号") == []
    assert titles(world, "unrelated", "起重机照片") == []
    page = reader.get("/search?q=起重机照片").text
    assert "附件中" in page
    assert "起重机照片.png" in page


def _relayed_with(world: World, *files: tuple[str, bytes], **given: Any) -> None:
    """A paper of the province that its city hands down to the county alone, with these files."""
    county = [world.agencies["county"]]
    relay = begun(world, to_cities(world, **given), note="", to_all=False, to_agencies=county)
    clerk = world.actor("city-clerk")
    for name, content in files:
        services.attach_to_relay(clerk, relay.id, name, io.BytesIO(content))
    services.submit_relay(clerk, relay.id)
    services.sign_relay(world.actor("city-approver"), relay.id)
    indexed()


def test_words_of_a_relays_files_are_found_by_whom_it_reached(
    world: World, reader: FlaskClient
) -> None:
    _relayed_with(world, ("分工.txt", LIST), ("图.png", picture()), title="检查", body="电梯")
    assert titles(world, "county", "分工 电梯") == ["检查"]
    assert titles(world, "county", "起重机") == []
    reading.read_files()
    for words in ("起重机", "起重机 电梯", "塔式起重机 检查 分工", "图 起重机"):
        found = {name: titles(world, name, words) for name in world.agencies}
        assert {name for name, some in found.items() if some} == {"city", "county"}, words
    page = reader.get("/search?q=起重机").text
    assert "转发附言" in page
    assert "分工.txt" in page
    assert "塔式<mark>起重机</mark>清单 &lt;b&gt;甲" in page
    with counted() as seen:
        reading.read_files()
    assert len(seen) == 1
    # a file read for another one is found at once
    _relayed_with(world, ("表.txt", LIST), title="再查")
    assert titles(world, "county", "起重机") == ["再查", "检查"]
