"""Files that no paper needs go after a while; everything that anything needs stays."""

import io
from datetime import timedelta

import pytest
import time_machine
from apiflask import APIFlask
from sqlalchemy import func, select

from bulletins import services
from bulletins.inputs import UploadInput
from bulletins.models import Attachment, StoredFile, Upload
from bulletins.services import sweeping, uploads
from config import clock
from config.database import db
from config.files import store
from tests.bulletins.attaching import attached, kept
from tests.bulletins.files import PDF, docx, picture
from tests.bulletins.papers import drafted
from tests.worlds import World


def days_later(days: float) -> None:
    """Sweep as if so many days had gone by."""
    with time_machine.travel(clock.now() + timedelta(days=days), tick=False):
        sweeping.sweep()


def test_a_broken_upload_goes_after_three_days(world: World) -> None:
    clerk, draft = world.actor("province-clerk"), drafted(world)
    upload = uploads.begin(clerk, draft.id, UploadInput(name="a.pdf", size=1000))
    uploads.receive(clerk, upload.id, 0, PDF[:100])
    days_later(2.9)
    assert uploads.standing(clerk, upload.id).received == 100
    days_later(3.1)
    assert db.session.scalar(select(func.count(Upload.id))) == 0
    assert kept() == {}


def test_what_was_taken_off_or_thrown_away_goes_and_what_is_needed_stays(world: World) -> None:
    clerk = world.actor("province-clerk")
    thrown, draft, paper = drafted(world), drafted(world), drafted(world)
    attached(world, thrown, "一.pdf", PDF)
    services.discard(clerk, thrown.id)
    gone = attached(world, draft, "二.png", picture())
    attached(world, draft, "三.docx", docx())
    services.remove(clerk, gone.id)
    signed = attached(world, paper, "四.txt", "四".encode())
    services.submit(clerk, paper.id)
    services.sign(world.actor("province-approver"), paper.id)
    for days in (0.5, 2, 4):
        days_later(days)
        if days == 0.5:
            assert len(kept()) == 4
    assert sorted(kept().values()) == sorted([docx(), "四".encode()])
    assert db.session.get(Attachment, signed.id) is not None
    assert db.session.scalar(select(func.count(StoredFile.id))) == 2


def test_a_content_attached_again_in_time_stays(world: World) -> None:
    clerk, draft = world.actor("province-clerk"), drafted(world)
    services.remove(clerk, attached(world, draft).id)
    days_later(2)
    assert db.session.scalars(select(StoredFile.gone_at)).one() is not None
    attached(world, draft, "再来.pdf")
    days_later(6)
    assert list(kept().values()) == [PDF]


def test_contents_without_a_row_go_after_a_day(app: APIFlask, world: World) -> None:
    """What a crash left between the store and the database."""
    attached(world, drafted(world))
    for key in ("content/ab/stray", "parts/7/0-stray"):
        store().put(key, io.BytesIO(b"stray"))
    sweeping.sweep()
    assert len(kept()) == 3
    days_later(1.5)
    assert list(kept().values()) == [PDF]


@pytest.mark.parametrize("key", ["content/ab/1", "parts/1/0-a"])
def test_a_store_forgets_what_is_not_there(app: APIFlask, key: str) -> None:
    store().delete(key)
    assert list(store().keys("content", clock.now())) == []
