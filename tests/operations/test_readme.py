"""The README tells of every setting, with its default, and its links lead somewhere."""

import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from config.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
ROW = re.compile(rf"^\| `{PREFIX}([A-Z_]+)` \| (.*?) \| .+ \|$", re.MULTILINE)
LINK = re.compile(r"\]\(((?!https?:)[^)#]+)")
ROWS = dict(ROW.findall((ROOT / "README.md").read_text(encoding="utf-8")))


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


@pytest.mark.parametrize("page", sorted(path.name for path in ROOT.glob("*.md")))
def test_links_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    missing = [link for link in LINK.findall(text) if not (ROOT / link).exists()]
    assert missing == []
