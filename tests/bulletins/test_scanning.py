"""A real clamd looks at every file; what it finds, or can't look at, is not let in."""

from collections.abc import Iterator

import pytest
from apiflask import APIFlask

from bulletins.models import StoredFile
from bulletins.queries import attachments as queries
from config.database import db
from config.errors import Invalid, Unavailable
from parts.clamd import HARMFUL, Clamd
from tests.bulletins.attaching import attached, kept
from tests.bulletins.files import docx
from tests.bulletins.papers import drafted
from tests.worlds import World


@pytest.fixture(scope="module")
def clamd() -> Iterator[Clamd]:
    """A scanner that knows one signature."""
    with Clamd() as scanner:
        yield scanner


@pytest.fixture
def scanned(app: APIFlask, clamd: Clamd, world: World) -> World:
    """The small world, whose files are scanned."""
    clamd.start()
    settings = app.extensions["settings"].model_copy(update={"clamd_url": clamd.url})
    app.extensions["settings"] = settings
    return world


def test_what_is_clean_is_attached_and_the_scan_is_kept(scanned: World) -> None:
    one = attached(scanned, drafted(scanned))
    assert db.session.get_one(StoredFile, one.file_id).scanned_at is not None


@pytest.mark.parametrize("content", [b"a" * 100 + HARMFUL, docx(HARMFUL)])
def test_what_is_harmful_is_refused(scanned: World, content: bytes) -> None:
    draft = drafted(scanned)
    with pytest.raises(Invalid) as refused:
        attached(scanned, draft, "好文件.docx", content)
    assert "病毒检查发现问题" in str(refused.value.errors["files"])
    assert kept() == {}
    assert queries.working(draft.id) == []


def test_what_can_t_be_scanned_waits_outside(scanned: World, clamd: Clamd) -> None:
    draft = drafted(scanned)
    with pytest.raises(Unavailable):
        attached(scanned, draft, "大.txt", b"more than it takes" * 200_000)
    clamd.stop()
    with pytest.raises(Unavailable):
        attached(scanned, draft)
    assert kept() == {}
