"""Official papers are set as PDF before anybody asks, so that nobody waits for them."""

import sys
from pathlib import Path

import pytest

from bulletins import services
from bulletins.decisions import RepealInput, VoidInput
from bulletins.models import Bulletin
from bulletins.services import official, printing
from bulletins.services.checks import today
from bulletins.states import BulletinType
from tests.bulletins.attaching import kept
from tests.bulletins.browsing import Browsers
from tests.bulletins.papers import published, receipt_of
from tests.bulletins.sheets import Sheet
from tests.worlds import World

NOTHING_SETS = "/bin/false"


def _set_papers() -> int:
    return sum(key.startswith("official/") for key in kept())


def _first_line(world: World, paper: Bulletin) -> str:
    actor = world.actor("province-clerk")
    return Sheet(printing.printed(official.issued(actor, paper.id)).content).lines()[0].text


def test_whoever_downloads_a_new_official_paper_gets_what_was_set_before(
    world: World, browser_of: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = receipt_of(world, "county", published(world))
    assert printing.print_ahead() == 1
    monkeypatch.setattr(sys, "executable", NOTHING_SETS)
    for language in ("zh", "en"):
        client = browser_of(world.people["county-reader"])
        client.get(f"/language?lang={language}")
        assert client.get(f"/inbox/{receipt.id}/official.pdf").mimetype == "application/pdf"
    assert printing.print_ahead() == 0


def test_everyday_papers_are_set_once_somebody_asks(world: World) -> None:
    published(world, type=BulletinType.INFORMATION)
    assert printing.print_ahead() == 0
    assert _set_papers() == 0


def test_what_ended_is_set_again_with_its_mark(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    void, repealed = published(world), published(world)
    printing.print_ahead()
    approver = world.actor("province-approver")
    services.void(approver, void.id, VoidInput(reason="有误。"))
    services.repeal(approver, repealed.id, RepealInput(reason="已过时。", ended_on=today()))
    assert printing.print_ahead() == 2
    monkeypatch.setattr(sys, "executable", NOTHING_SETS)
    assert _first_line(world, void) == "本件已撤销，自始无效"
    assert _first_line(world, repealed).endswith("起废止")


def test_one_that_fails_holds_up_no_other_and_is_tried_once(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    published(world)
    published(world)
    breaks = tmp_path / "python"
    breaks.write_text(
        f'#!/bin/sh\nmkdir {tmp_path}/broken 2>/dev/null && exit 1\nexec {sys.executable} "$@"\n',
        encoding="utf-8",
    )
    breaks.chmod(0o755)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", str(breaks))
        assert printing.print_ahead() == 2
    assert _set_papers() == 1
    assert printing.print_ahead() == 0


def test_a_run_is_bounded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "MOST_AHEAD", 1)
    published(world)
    published(world)
    assert [printing.print_ahead() for _ in range(3)] == [1, 1, 0]
