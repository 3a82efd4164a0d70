"""English: complete, with every placeholder, and on every page."""

import io
import os
import re
from collections.abc import Callable
from html import unescape

import pytest
from apiflask import APIFlask
from babel.messages.mofile import write_mo
from chinese_calendar import Holiday
from flask.testing import FlaskClient

from agencies.models import Agency, Person
from config.database import db, writing
from scripts import translations
from tests.bulletins import papers
from tests.coordination.tasks import given, submitted
from tests.worlds import World

Browser = Callable[[int], FlaskClient]

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}")
CHINESE = re.compile(r"[\u3400-\u9fff]+")
# What stays Chinese: the way to the other language, and the names of the national holidays.
KEPT = ("中文", *(holiday.chinese for holiday in Holiday))
# It shows the Chinese words that a file may use.
SHOWS_CHINESE = "/agencies/import"


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    """What the service reads is what the catalogue says, also where nobody ran make."""
    file = io.BytesIO()
    write_mo(file, translations.stored())
    compiled = translations.CATALOGUE.with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != file.getvalue():
        part = compiled.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(file.getvalue())
        part.replace(compiled)


def _forms(text: object) -> list[str]:
    return [str(one) for one in text] if isinstance(text, (list, tuple)) else [str(text)]


def test_every_text_has_its_english() -> None:
    assert not list(translations.faults(translations.updated()))


def test_the_catalogue_holds_exactly_the_texts_there_are() -> None:
    stored = {str(message.id) for message in translations.stored() if message.id}
    assert stored == {str(message.id) for message in translations.updated() if message.id}


def test_every_placeholder_is_in_both_languages() -> None:
    for message in translations.stored():
        for chinese, english in zip(_forms(message.id), _forms(message.string), strict=False):
            wanted = sorted(PLACEHOLDER.findall(chinese))
            assert sorted(PLACEHOLDER.findall(english)) == wanted, chinese


def test_english_is_written_without_chinese_marks() -> None:
    examples = re.compile(r"国家, 省, 市, 县, 乡镇|〔…〕")
    for message in translations.stored():
        for english in _forms(message.string):
            left = examples.sub("", english)
            assert not re.search(r"[\u3000-\u9fff\uff00-\uffef]", left), english


def _without_kept(page: str) -> str:
    page = unescape(page)
    for words in KEPT:
        page = page.replace(words, "")
    return page


def _plain_pages(app: APIFlask) -> list[str]:
    return sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and not rule.arguments
        and not rule.rule.startswith(("/api/", "/static", "/metrics", "/language"))
    )


def _latin_names() -> None:
    """Whatever is Chinese on a page now is ours, not somebody's name."""
    with writing():
        for number, agency in enumerate(db.session.scalars(db.select(Agency))):
            agency.name = f"Agency {number}"
        for number, person in enumerate(db.session.scalars(db.select(Person))):
            person.name = f"Person {number}"


@pytest.mark.parametrize(
    "who",
    ["province-clerk", "province-approver", "county-clerk", "county-reader", "system", "security",
     "audit"],
)  # fmt: skip
def test_no_page_forgets_to_translate(
    app: APIFlask, world: World, browser_of: Browser, who: str
) -> None:
    papers.published(world, title="Paper", body="Text", urgency="urgent")
    papers.submitted(world, title="Paper", body="Text")
    papers.drafted(world, title="Paper", body="Text")
    given(world, title="Task", body="Text")
    submitted(given(world, title="Task", body="Text"), world)
    _latin_names()
    client = browser_of(world.people[who])
    client.get("/language?lang=en")
    for path in _plain_pages(app):
        answer = client.get(path)
        assert answer.status_code < 500, path
        if answer.mimetype == "text/html" and path != SHOWS_CHINESE:
            assert not CHINESE.findall(_without_kept(answer.get_data(as_text=True))), path
