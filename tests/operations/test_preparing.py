"""Preparing: settings checked, schema up to date, demo data in an empty database only."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
from apiflask import APIFlask
from sqlalchemy import func, select

from agencies.models import Person
from app import create_app
from config import migrating, preparing
from config.database import db, writing
from config.preparing import Demo
from config.settings import Settings, load, reaches_nobody
from tests.conftest import make_settings
from tests.operations.conftest import Flask
from tests.worlds import add_person

USED: list[dict[str, str]] = []


def _load(passwords: Mapping[str, str]) -> None:
    USED.append(dict(passwords))
    with writing():
        for username in passwords:
            add_person(username, "某人")


DEMO = Demo(accounts=[("zhang", "经办 clerk"), ("li", "签发")], load=_load)


@pytest.fixture
def service(bare: Settings) -> Iterator[APIFlask]:
    """The service on a database without tables, with a demo of two people."""
    USED.clear()
    app = create_app(bare)
    app.extensions["demo"] = DEMO
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def prepared(app: APIFlask, *arguments: str) -> str:
    """What `prepare` prints."""
    result = app.test_cli_runner().invoke(args=["prepare", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def test_the_demo_is_loaded_once_and_its_accounts_shown_each_time(service: APIFlask) -> None:
    first, second = prepared(service, "--demo"), prepared(service, "--demo")
    assert first == second
    assert "http://127.0.0.1:8000" in first
    assert len(USED) == 1
    for username, password in USED[0].items():
        assert len(password) >= 12
        assert f"{username:<20} {password}" in first
    path = Path(service.config["DATA_DIR"]) / preparing.ACCOUNTS
    assert path.stat().st_mode & 0o777 == 0o600


def test_passwords_differ_from_one_installation_to_another(service: APIFlask) -> None:
    prepared(service, "--demo")
    path = Path(service.config["DATA_DIR"]) / preparing.ACCOUNTS
    path.unlink()
    with db.engine.connect() as connection, migrating.unchecked(connection):
        connection.execute(db.metadata.tables["contacts"].delete())
        connection.execute(db.metadata.tables["people"].delete())
    prepared(service, "--demo")
    assert set(USED[0].values()).isdisjoint(USED[1].values())


def test_without_being_asked_there_is_no_demo(service: APIFlask) -> None:
    assert "zhang" not in prepared(service)
    assert db.session.scalar(select(func.count()).select_from(Person)) == 0


def test_a_database_with_rows_gets_no_demo(service: APIFlask) -> None:
    prepared(service)
    with db.engine.begin() as connection:
        connection.execute(
            db.metadata.tables["special_days"]
            .insert()
            .values(day=date(2026, 1, 1), is_working=True)
        )
    assert "zhang" not in prepared(service, "--demo")
    assert USED == []


def test_a_demo_that_fails_leaves_the_database_empty(service: APIFlask) -> None:
    def fails(passwords: Mapping[str, str]) -> None:
        with writing():
            _load(passwords)
            raise OSError(28, "No space left on device")

    service.extensions["demo"] = Demo(DEMO.accounts, fails)
    result = service.test_cli_runner().invoke(args=["prepare", "--demo"])
    assert (result.exit_code, result.stderr) == (1, "Error: No space left on device\n")
    assert preparing.is_empty()
    service.extensions["demo"] = DEMO
    prepared(service, "--demo")
    assert USED[0] == USED[1]


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("PORT", "eighty", "valid integer"),
        ("DATABASE_URL", "mysql://x/y", "only sqlite:// and postgresql://"),
        ("DATA_DIR", "/proc/none", "can't be used"),
        ("SECRET_KEY", "short", "at least 32 characters"),
        ("LOG_LEVEL", "LOUD", "DEBUG"),
        ("BASE_URL", "changtong.example.gov.cn", "must start with http://"),
        ("BASE_URL", "https://", "must name a host"),
        ("BASE_URL", "https://host:99999/", "port from 1 to 65535"),
        ("BOUNCES_URL", "imaps:///INBOX", "must name a host"),
        ("FILES_URL", "s3://key:secret@host", "must name a bucket"),
        ("CLAMD_URL", "unix://", "must name a socket"),
        ("CLAMD_URL", "tcp://:3310", "must name a host"),
        ("BROKER_URL", "amqp:///vhost", "must name a host"),
        ("MAIL_FROM", "nobody", "not a mail address"),
        ("MAIL_RETURN", "nobody", "not a mail address"),
        ("SMTP_URL", "http://mail", "must start with smtp://"),
        ("SMTP_URL", "smtp://", "must name a host"),
        ("SMTP_URL", "smtp://mail:99999", "port from 1 to 65535"),
        ("SMTP_URL", "smtp://u:p@mail?startls=1", "no options but starttls and timeout"),
        ("SMTP_URL", "smtp://u:p@mail?starttls=true", "starttls is 0 or 1"),
        ("SMTP_URL", "smtp://mail?timeout=abc", "seconds from 1 to 999"),
        ("SMS_URL", "smpp://gateway", "must start with kannel://"),
        ("SMS_URL", "kannel://", "needs a host"),
        ("SMS_URL", "kannel://gateway:99999", "port is a number from 1 to 65535"),
        ("SMS_URL", "kannel://gateway?timeout=abc", "seconds from 0.1 to 999"),
        ("SMS_URL", "aliyun://key:secret@", "needs sign"),
        ("SMS_URL", "tencent://@?app=1&region=r&sign=s", "needs a key"),
    ],
)
def test_a_wrong_setting_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, reason: str
) -> None:
    monkeypatch.setenv("CHANGTONG_DATA_DIR", str(tmp_path))
    monkeypatch.setenv(f"CHANGTONG_{name}", value)
    with pytest.raises(SystemExit) as ended:
        create_app()
    said = str(ended.value)
    assert "\n" not in said
    assert f"CHANGTONG_{name}" in said
    assert reason in said


def test_a_misspelt_setting_is_named_with_the_one_that_is_near(
    service: APIFlask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHANGTONG_SMPT_URL", "smtp://user:secret@mail")
    monkeypatch.setenv("CHANGTONG_XYZZY", "1")
    monkeypatch.setenv("CHANGTONG_PORT", "8000")
    result = service.test_cli_runner().invoke(args=["prepare", "--demo"])
    assert (result.exit_code, result.stderr.splitlines()) == (
        0,
        [
            "Warning: CHANGTONG_SMPT_URL: no setting of that name, it is ignored, "
            "did you mean CHANGTONG_SMTP_URL?",
            "Warning: CHANGTONG_XYZZY: no setting of that name, it is ignored",
        ],
    )


def test_a_database_that_is_away_is_one_line(tmp_path: Path, flask: Flask) -> None:
    away = make_settings(tmp_path / "data", "postgresql://nobody@127.0.0.1:1/none")
    done = flask(away, "prepare")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "does not answer" in done.stderr


def test_what_reaches_nobody_is_said_where_it_is_meant_for_others(
    service: APIFlask, tmp_path: Path
) -> None:
    said = service.test_cli_runner().invoke(args=["prepare"]).stderr
    for name in ("CHANGTONG_BASE_URL", "CHANGTONG_SMTP_URL"):
        assert f"Warning: {name}: is not set" in said
    assert service.test_cli_runner().invoke(args=["prepare", "--demo"]).stderr == ""
    settings = {"base_url": "https://changtong.example.gov.cn", "smtp_url": "smtp://mail"}
    assert reaches_nobody(make_settings(tmp_path / "open", **settings)) == []


def test_a_database_that_nobody_prepared_is_said_to_be(bare: Settings, flask: Flask) -> None:
    args = ("people", "add", "--admin", "system", "--username", "root", "--name", "管理员")
    done = flask(bare, *args)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "run `flask --app app prepare` first" in done.stderr


def test_a_database_of_a_newer_version_is_left_alone(migrated: APIFlask) -> None:
    newer = "UPDATE alembic_version SET version_num = '9999'"
    with db.engine.begin() as connection:
        connection.exec_driver_sql(newer)
    result = migrated.test_cli_runner().invoke(args=["prepare"])
    assert (result.exit_code, result.stderr) == (
        1,
        "Error: the database is of revision 9999, which is newer than this version\n",
    )


def test_a_secret_key_of_which_nothing_was_written_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHANGTONG_DATA_DIR", str(tmp_path))
    (tmp_path / "secret_key").touch(0o600)
    made = load().secret_key.get_secret_value()
    assert len(made) == 64
    assert load().secret_key.get_secret_value() == made
