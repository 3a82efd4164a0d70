"""Health, readiness and metrics: what they tell, to whom, and that they stay cheap."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import requests
import time_machine
from apiflask import APIFlask
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import text

from app import create_app
from config import clock, handling, journal, migrating, settling
from config.database import db, writing
from config.figures import Figure
from config.settings import Settings
from parts.ports import free_port
from parts.processes import wait_until
from tests.conftest import make_settings
from tests.scripts.test_serving import serve

LOCAL = {"REMOTE_ADDR": "127.0.0.1"}


def figures(client: FlaskClient) -> dict[str, float]:
    """The metrics by name and labels."""
    answer = client.get("/metrics", environ_base=LOCAL)
    assert answer.status_code == 200
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_a_process_that_answers_lives(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}


def test_ready_at_the_head_only(migrated: APIFlask) -> None:
    client = migrated.test_client()
    assert client.get("/readyz").status_code == 200
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"status": "unavailable", "reason": "the database is not up to date"}


def test_not_ready_while_the_database_is_away(tmp_path: Path) -> None:
    app = create_app(make_settings(tmp_path, "postgresql://nobody@127.0.0.1:1/none"))
    client = app.test_client()
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_requests_are_counted_by_endpoint_and_status(client: FlaskClient) -> None:
    name = 'changtong_request_seconds_count{endpoint="%s",status="%s"}'
    alive, nowhere = name % ("health.alive", 200), name % ("none", 404)
    before = figures(client)
    client.get("/healthz")
    client.get("/healthz")
    client.get("/no/such/page")
    found = figures(client)
    assert found[alive] - before.get(alive, 0) == 2
    assert found[nowhere] - before.get(nowhere, 0) == 1


def test_what_waits_is_shown_with_its_age(app: APIFlask, client: FlaskClient) -> None:
    def fails(_entry: journal.Entry) -> None:
        raise RuntimeError

    app.extensions["handlers"] = handling.joined({"paper.published": [fails]})
    with writing():
        journal.record("paper.published", subject=("paper", 1))
    with time_machine.travel(clock.now() + timedelta(seconds=90)):
        found = figures(client)
    assert found["changtong_journal_unsettled"] == 1
    assert 89 < found["changtong_journal_unsettled_age_seconds"] < 92
    settling.settle_all()
    assert figures(client)['changtong_handlings{state="waiting"}'] == 1
    with time_machine.travel(clock.now()) as traveller:
        for pause in (timedelta(0), *handling.PAUSES):
            traveller.shift(pause)
            assert handling.handle_waiting() == 1
    found = figures(client)
    assert found['changtong_handlings{state="waiting"}'] == 0
    assert found['changtong_handlings{state="set_aside"}'] == 1
    assert found["changtong_journal_unsettled_age_seconds"] == 0


def test_folders_add_figures_and_the_worker_its_beat(app: APIFlask, client: FlaskClient) -> None:
    app.extensions["figures"] = [lambda: [Figure("things", "Things", 3, {"channel": "mail"})]]
    beat = Path(app.config["DATA_DIR"]) / "worker-beat"
    beat.touch()
    moment = (clock.now() - timedelta(minutes=5)).timestamp()
    os.utime(beat, (moment, moment))
    found = figures(client)
    assert found['changtong_things{channel="mail"}'] == 3
    assert found["changtong_worker_beat_age_seconds"] >= 300


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("10.0.0.7", {}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "8.8.8.8"}, 403),
        ("127.0.0.1", {"X-Real-IP": "8.8.8.8"}, 403),
        ("127.0.0.1", {"Forwarded": "for=8.8.8.8"}, 403),
    ],
)
def test_metrics_are_for_this_host(
    client: FlaskClient, address: str, headers: dict[str, str], status: int
) -> None:
    answer = client.get("/metrics", environ_base={"REMOTE_ADDR": address}, headers=headers)
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("given", "status"),
    [("Bearer right", 200), ("Bearer wrong", 403), ("", 403), ("Bearer ü", 403)],
)
def test_with_a_token_metrics_are_for_who_has_it(
    settings: Settings, given: str, status: int
) -> None:
    app = create_app(settings.model_copy(update={"metrics_token": SecretStr("right")}))
    headers = {"Authorization": given} if given else {}
    answer = app.test_client().get("/metrics", environ_base=LOCAL, headers=headers)
    assert answer.status_code == status
    with app.app_context():
        db.engine.dispose()


def test_counting_stops_at_a_limit(app: APIFlask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.figures.AT_MOST", 3)
    with writing():
        for number in range(5):
            journal.record("paper.published", subject=("paper", number))
    assert figures(app.test_client())["changtong_journal_unsettled"] == 3


def test_all_processes_of_gunicorn_are_counted_together(tmp_path: Path) -> None:
    app = create_app(make_settings(tmp_path / "data"))
    with app.app_context():
        migrating.bring_up_to_date()
        db.engine.dispose()
    port = free_port()
    base, asked = f"http://127.0.0.1:{port}", 0
    with serve(tmp_path, port), ThreadPoolExecutor(8) as several:

        def both_have_answered() -> bool:
            nonlocal asked
            asked += len(
                list(several.map(lambda _: requests.get(f"{base}/healthz", timeout=10), range(8)))
            )
            return len(list((tmp_path / "data/metrics" / str(port)).glob("histogram_*.db"))) == 2

        wait_until(both_have_answered)
        found = requests.get(f"{base}/metrics", timeout=10).text
        name = 'changtong_request_seconds_count{endpoint="health.alive",status="200"}'
        assert f"{name} {asked:.1f}" in found
