"""The journal's commands: the chain is checked, what was set aside is shown and given new tries."""

from datetime import timedelta

import time_machine
from apiflask import APIFlask
from sqlalchemy import text

from config import clock, handling, journal, settling
from config.database import db, writing
from config.journal import Entry


def _record(count: int) -> None:
    with writing():
        for number in range(count):
            journal.record("paper.published", subject=("paper", number))
    settling.settle_all()


def test_a_sound_chain_and_a_broken_one(app: APIFlask) -> None:
    run = app.test_cli_runner().invoke
    _record(3)
    assert run(args=["journal", "verify"]).output == "3 entries, every link holds\n"
    with writing():
        db.session.execute(text("UPDATE journal SET hash = 'x' WHERE position = 2"))
    broken = run(args=["journal", "verify"])
    assert (broken.exit_code, broken.stderr.count("\n")) == (1, 1)
    assert "position 2 was altered" in broken.stderr


def test_what_was_set_aside_gets_new_tries(app: APIFlask) -> None:
    done: list[int] = []

    def fails(entry: Entry) -> None:
        if not done:
            raise RuntimeError("not today")
        done.append(entry.id)

    app.extensions["handlers"] = handling.joined({"paper.published": [fails]})
    run = app.test_cli_runner().invoke
    _record(1)
    with time_machine.travel(clock.now()) as traveller:
        for pause in (timedelta(0), *handling.PAUSES):
            traveller.shift(pause)
            handling.handle_waiting()
    entry, name, error, *_moment = run(args=["journal", "set-aside"]).output.split()
    assert error == "RuntimeError"
    wrong = run(args=["journal", "resume", entry, "nobody"])
    assert (wrong.exit_code, wrong.stderr.count("\n")) == (1, 1)
    done.append(0)
    assert run(args=["journal", "resume", entry, name]).exit_code == 0
    assert handling.handle_waiting() == 1
    assert done == [0, int(entry)]
    assert run(args=["journal", "set-aside"]).output == ""
