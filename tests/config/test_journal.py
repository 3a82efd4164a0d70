"""The journal: settled gapless, chained, checked, handled, on both engines."""

from pathlib import Path

import pytest
from apiflask import APIFlask
from sqlalchemy import select, text

from config import handling, journal, settling
from config.database import db, writing
from config.handling import Handling
from config.journal import Entry

KIND = "paper.published"


def _record(count: int) -> None:
    with writing():
        for number in range(1, count + 1):
            journal.record(KIND, subject=("paper", number), agency_id=1, level="city")


def test_positions_have_no_gap_and_the_chain_holds(app: APIFlask) -> None:
    _record(7)
    settling.settle(batch=3)
    settling.settle_all()
    assert db.session.scalars(select(Entry.position).order_by(Entry.id)).all() == list(range(1, 8))
    assert settling.verify() == settling.Verdict(7)


def test_an_altered_entry_is_named(app: APIFlask) -> None:
    _record(3)
    settling.settle_all()
    with writing():
        db.session.execute(
            text("UPDATE journal SET body = replace(body, 'city', 'county') WHERE position = 2")
        )
    assert settling.verify().fault == "position 2 was altered"


def test_a_cut_tail_is_noticed_by_the_checkpoint(app: APIFlask) -> None:
    _record(3)
    settling.settle_all()
    settling.checkpoint()
    with writing():
        db.session.execute(text("DELETE FROM journal WHERE position = 3"))
    assert settling.verify().fault == "the journal ends at 2, a checkpoint knows 3"


def test_a_checkpoint_is_kept_once_and_costs_the_same_however_many_there_are(
    app: APIFlask, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(app.config["DATA_DIR"]) / "journal-checkpoints"
    for kept in (1, 2):
        _record(1)
        settling.settle_all()
        for _again in range(2):
            settling.checkpoint()
            assert len(path.read_text().splitlines()) == kept
    signed = settling._signature
    asked: list[int] = []

    def counted(position: int, digest: str) -> str:
        asked.append(position)
        return signed(position, digest)

    monkeypatch.setattr(settling, "_signature", counted)
    settling.checkpoint()
    assert asked == [2]
    assert settling.verify().fault is None


def test_a_forged_checkpoint_counts_for_nothing(app: APIFlask) -> None:
    _record(1)
    settling.settle_all()
    forged = f"9 {'a' * 64} {'b' * 64}\nrubbish\n"
    (Path(app.config["DATA_DIR"]) / "journal-checkpoints").write_text(forged)
    assert settling.verify().fault is None


@pytest.mark.parametrize("fact", ["张三", "a@b.example", "two words"])
def test_text_is_kept_out_of_the_journal(app: APIFlask, fact: str) -> None:
    with pytest.raises(ValueError, match="code word"), writing():
        journal.record(KIND, subject=("paper", 1), who=fact)


def test_a_failing_handler_is_retried_and_holds_up_no_other(app: APIFlask) -> None:
    seen: list[int] = []

    def picky(entry: Entry) -> None:
        if entry.subject_id == 1 and entry.subject_id not in seen:
            seen.append(-1)
            raise RuntimeError("not today")
        seen.append(entry.subject_id)

    app.extensions["handlers"] = handling.joined({KIND: [picky]})
    _record(2)
    settling.settle_all()
    handling.handle_waiting()
    assert seen == [-1, 2]
    with writing():
        row = db.session.scalars(select(Handling).where(Handling.done_at.is_(None))).one()
        assert (row.attempts, row.error) == (1, "RuntimeError")
