"""From a request (请示) to its reply (批复) and back, for whoever may read both."""

import re

from flask.testing import FlaskClient

from bulletins import services
from bulletins.decisions import VoidInput
from bulletins.models import Bulletin
from bulletins.queries.answering import related
from tests.bulletins.browsing import Browsers
from tests.bulletins.papers import published, receipt_of
from tests.bulletins.queries import counted
from tests.bulletins.test_api import Caller
from tests.worlds import World

ASKED, ANSWERED = "关于增拨检测经费的请示", "关于增拨检测经费的批复"


def _only(world: World, name: str, **given: object) -> dict[str, object]:
    to = [world.agencies[name]]
    return {"to_all": False, "to_agencies": to, "needs_acknowledgement": False, **given}


def asked_and_answered(world: World) -> tuple[Bulletin, Bulletin]:
    """A request of the county to the city, and the city's reply."""
    contact = {"contact_name": "王芳", "contact_phone": "0311-12345678"}
    request = _only(world, "city", type="request", title=ASKED, **contact)
    asked = published(world, "county", **request)
    reply = _only(world, "county", type="reply", title=ANSWERED, refers_to_id=asked.id)
    return asked, published(world, "city", **reply)


def test_the_form_offers_each_type_what_it_may_answer(world: World, browser_of: Browsers) -> None:
    asked, reply = asked_and_answered(world)
    contact = {"contact_name": "王芳", "contact_phone": "0311-12345678"}
    other = _only(world, "city", type="request", title="关于修建实验室的请示", **contact)
    waiting = published(world, "sibling", **other)
    page = browser_of(world.people["city-clerk"]).get("/bulletins/drafts/new").text
    groups = re.findall(
        r'<optgroup label="([^"]*)" data-for="([^"]*)">(.*?)</optgroup>', page, re.S
    )
    assert [(label, kinds) for label, kinds, _options in groups] == [
        ("主送本机构的请示", "reply letter"),
        ("本机构发出的文件", "interpretation"),
    ]
    requests, own = (re.findall(r'value="(\d+)">(.*?)<', options) for *_names, options in groups)
    assert [int(paper) for paper, _words in requests] == [waiting.id, asked.id]
    assert [words.endswith("（已答复）") for _paper, words in requests] == [False, True]
    assert [int(paper) for paper, _words in own] == [reply.id]


def test_programs_learn_what_waits_for_an_answer(world: World, client: FlaskClient) -> None:
    asked, reply = asked_and_answered(world)
    city = Caller(world, client, "city-clerk")

    def offered(kind: str) -> list[tuple[int, bool]]:
        items = city("GET", f"/answerable?type={kind}").json["items"]
        return [(one["id"], one["is_answered"]) for one in items]

    assert offered("reply") == [(asked.id, True)]
    assert offered("interpretation") == [(reply.id, False)]
    assert offered("notice") == []
    services.void(world.actor("city-approver"), reply.id, VoidInput(reason="有误。"))
    assert offered("reply") == [(asked.id, False)]


def names(world: World, agency: str, paper: Bulletin) -> list[tuple[str, bool]]:
    return [(row.title, row.answers) for row in related(world.agencies[agency], paper)]


def test_each_leads_to_the_other_for_both_agencies(world: World) -> None:
    asked, reply = asked_and_answered(world)
    for agency in ("county", "city"):
        assert names(world, agency, asked) == [(ANSWERED, True)]
        assert names(world, agency, reply) == [(ASKED, False)]
    assert names(world, "sibling", asked) == []


def test_it_takes_one_query(world: World) -> None:
    asked, _reply = asked_and_answered(world)
    asked.id  # noqa: B018 - loaded before counting
    with counted() as statements:
        related(world.agencies["county"], asked)
    assert len(statements) == 1


def test_both_pages_show_the_link(world: World, browser_of: Browsers) -> None:
    asked, reply = asked_and_answered(world)
    county, city = (browser_of(world.people[f"{name}-clerk"]) for name in ("county", "city"))
    at_county, at_city = receipt_of(world, "county", reply), receipt_of(world, "city", asked)
    assert f'href="/inbox/{at_county.id}"' in county.get(f"/bulletins/{asked.id}").text
    assert f'href="/bulletins/{asked.id}"' in county.get(f"/inbox/{at_county.id}").text
    assert f'href="/bulletins/{reply.id}"' in city.get(f"/inbox/{at_city.id}").text
    assert f'href="/inbox/{at_city.id}"' in city.get(f"/bulletins/{reply.id}").text


def test_a_void_reply_says_so(world: World, browser_of: Browsers) -> None:
    asked, reply = asked_and_answered(world)
    services.void(world.actor("city-approver"), reply.id, VoidInput(reason="有误。"))
    page = browser_of(world.people["county-clerk"]).get(f"/bulletins/{asked.id}").text
    assert "已撤销" in page


def test_programs_find_it_too(world: World, client: FlaskClient) -> None:
    asked, reply = asked_and_answered(world)
    [one] = Caller(world, client, "county-clerk")("GET", f"/bulletins/{asked.id}/related").json[
        "items"
    ]
    assert (one["id"], one["answers"]) == (reply.id, True)
    other = Caller(world, client, "sibling-clerk")
    assert other("GET", f"/bulletins/{asked.id}/related").status_code == 404
