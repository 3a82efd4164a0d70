"""What is written for operators is true: settings, links, log lines, metrics, commands."""

import re
from pathlib import Path

import pytest
from apiflask import APIFlask
from pydantic import SecretStr

from config.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
ROW = re.compile(rf"^\| `{PREFIX}([A-Z_]+)` \| (.*?) \| .+ \|$", re.MULTILINE)
LINK = re.compile(r"\]\(((?!https?:)[^)#]+)")
ROWS = dict(ROW.findall((ROOT / "README.md").read_text(encoding="utf-8")))

OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
FOLDERS = ("agencies", "bulletins", "config", "coordination", "home", "notifications")
SOURCES = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
EVENT = re.compile(r"\blog\.(?:info|warning|error|exception)\(\s*\"(\w+)\"")


def test_the_table_has_every_setting_and_no_other() -> None:
    assert sorted(ROWS) == sorted(name.upper() for name in Settings.model_fields)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_defaults_are_told_right(name: str) -> None:
    default = Settings.model_fields[name].default
    told = ROWS[name.upper()]
    plain = default.get_secret_value() if isinstance(default, SecretStr) else str(default)
    if plain:
        assert told == f"`{plain}`"
    else:  # what is empty in the code is told in words
        assert not re.fullmatch(r"`[^` :]+`", told)


def test_every_log_line_is_explained() -> None:
    events = {name for path in SOURCES for name in EVENT.findall(path.read_text(encoding="utf-8"))}
    assert events > {"request", "leader_began"}
    assert {name for name in events if f"`{name}`" not in OPERATIONS} == set()


def test_every_metric_is_explained(app: APIFlask) -> None:
    text = app.test_client().get("/metrics", environ_base={"REMOTE_ADDR": "127.0.0.1"}).text
    names = set(re.findall(r"^# HELP (\w+) ", text, re.MULTILINE))
    assert names > {"changtong_journal_unsettled", "changtong_request_seconds"}
    assert {name for name in names if f"`{name}" not in OPERATIONS} == set()


def test_every_command_named_exists(app: APIFlask) -> None:
    named = set(re.findall(r"flask --app app (\w+(?:-\w+)*)", OPERATIONS))
    assert named > {"prepare", "backup", "restore", "worker"}
    assert named - set(app.cli.commands) == set()


@pytest.mark.parametrize("page", sorted(path.name for path in ROOT.glob("*.md")))
def test_links_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    missing = [link for link in LINK.findall(text) if not (ROOT / link).exists()]
    assert missing == []
