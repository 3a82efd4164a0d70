"""The catalogue says what is missing, stale or does not fit."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from scripts import translations


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project with two texts, and its catalogue."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home/web.py").write_text('title = _("标题不能为空")\n')
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/page.html").write_text('{{ _("还有 %(count)s 件", count=2) }}')
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    monkeypatch.setattr(translations, "FOLDERS", ("home", "templates"))
    monkeypatch.setattr(translations, "CATALOGUE", tmp_path / "en/messages.po")
    translations.update()
    return tmp_path


def translate(**texts: str) -> None:
    """Write English into the catalogue."""
    catalog = translations.stored()
    for message in catalog:
        if message.id in texts:
            message.string = texts[str(message.id)]
    translations.CATALOGUE.write_bytes(translations.as_text(catalog))


def faults() -> str:
    """What the check has to say."""
    with pytest.raises(SystemExit) as caught:
        translations.check()
    return str(caught.value)


def test_code_and_templates_are_read(sources: Path) -> None:
    ids = {message.id for message in translations.stored() if message.id}
    assert ids == {"标题不能为空", "还有 %(count)s 件"}


def test_a_text_without_english_is_named(sources: Path) -> None:
    translate(**{"还有 %(count)s 件": "%(count)s left"})
    assert faults() == "not translated: '标题不能为空'"


def test_a_complete_catalogue_passes_and_is_compiled(sources: Path) -> None:
    translate(**{"还有 %(count)s 件": "%(count)s left", "标题不能为空": "The title is empty"})
    translations.check()
    translations.compile_catalogue()
    assert b"The title is empty" in (sources / "en/messages.mo").read_bytes()


def test_a_lost_placeholder_is_named(sources: Path) -> None:
    translate(**{"还有 %(count)s 件": "%(number)s left", "标题不能为空": "The title is empty"})
    assert "还有 %(count)s 件" in faults()


def test_new_and_dropped_texts_ask_for_an_update(sources: Path) -> None:
    translate(**{"还有 %(count)s 件": "%(count)s left", "标题不能为空": "The title is empty"})
    (sources / "home/web.py").write_text("")
    assert faults() == "the catalogue is not up to date: run `make translations`"
    translations.update()
    translations.check()
    assert [message.id for message in translations.stored() if message.id] == ["还有 %(count)s 件"]


def test_english_survives_an_update(sources: Path) -> None:
    translate(**{"还有 %(count)s 件": "%(count)s left"})
    (sources / "home/web.py").write_text('_("另一句")')
    translations.update()
    catalog: Catalog = translations.stored()
    texts = {message.id: message.string for message in catalog if message.id}
    assert texts == {"还有 %(count)s 件": "%(count)s left", "另一句": ""}
