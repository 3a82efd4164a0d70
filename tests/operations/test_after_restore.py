"""After a restore nobody gets again what went out already, and no ended session lives again."""

from datetime import timedelta
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask import g
from sqlalchemy import select, update

from agencies.models import SignIn
from bulletins.inputs import DraftInput
from bulletins.services import create_draft, sign, submit
from config import clock, settling
from config.database import db, writing
from notifications.models import Delivery
from notifications.services.digests import run_due
from notifications.services.enrolment import enrol
from notifications.services.handing_out import pump
from notifications.states import State
from tests.worlds import World, sign_in


@pytest.fixture
def world(migrated: APIFlask) -> World:
    """The small province on a database made by the migrations, with one paper published."""
    world = World.built()
    with writing():
        enrol(list(world.people.values()), position=0)
    clerk, approver = world.actor("province-clerk"), world.actor("province-approver")
    draft = create_draft(clerk, DraftInput(title="关于检查的通知", body="请检查。", to_all=True))
    submit(clerk, draft.id)
    sign(approver, draft.id)
    settling.settle_all()
    return world


def _outbox(app: APIFlask) -> set[str]:
    return {path.name for path in (Path(app.config["DATA_DIR"]) / "outbox").glob("*.eml")}


def _metrics(app: APIFlask) -> str:
    return app.test_client().get("/metrics", environ_base={"REMOTE_ADDR": "127.0.0.1"}).text


def test_last_weeks_digest_is_not_sent_again(
    migrated: APIFlask, world: World, tmp_path: Path
) -> None:
    run = migrated.test_cli_runner().invoke
    run_due(clock.now() + timedelta(days=7))
    path = str(tmp_path / "all.zip")
    assert run(args=["backup", path]).exit_code == 0
    queued = select(Delivery.id).where(Delivery.state == State.QUEUED)
    assert len(db.session.scalars(queued).all()) == 30
    db.session.rollback()
    pump()
    sent = _outbox(migrated)
    assert len(sent) == 30
    for name in sent:
        (Path(migrated.config["DATA_DIR"]) / "outbox" / name).unlink()
    restored = run(args=["restore", path, "--force"])
    assert restored.exit_code == 0, restored.output
    assert f"{len(sent)} deliveries are held" in restored.output
    assert "sign in again" in restored.output
    assert 'deliveries{channel="mail",state="held"} 30.0' in _metrics(migrated)
    pump()
    assert _outbox(migrated) == set()
    released = run(args=["deliveries", "release", "--all", "held"])
    assert released.exit_code == 0, released.output
    pump()
    assert _outbox(migrated) == sent


def test_a_session_ended_since_the_backup_stays_ended(
    migrated: APIFlask, world: World, tmp_path: Path
) -> None:
    path = str(tmp_path / "all.zip")
    browser = sign_in(migrated, world.people["county-clerk"])
    assert browser.get("/").status_code == 200
    db.session.rollback()
    run = migrated.test_cli_runner().invoke
    assert run(args=["backup", path]).exit_code == 0
    with writing():
        db.session.execute(update(SignIn).values(ended_at=clock.now()))
    assert run(args=["restore", path, "--force"]).exit_code == 0
    g.pop("actor")  # kept by the context that is open during a test
    assert browser.get("/").status_code == 302
