"""Remarks at the place they concern: a paragraph, or words quoted from the text."""

from typing import Any

import pytest

from bulletins import places, services
from bulletins.decisions import PlaceInput
from bulletins.models import Bulletin, PlaceRemark
from bulletins.queries import remarks
from config.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from tests.bulletins.browsing import Browsers, post
from tests.bulletins.papers import draft_input, drafted, published, submitted
from tests.worlds import World

BODY = "各单位：\n\n请**认真**落实，二十日内报送。\n\n联系人：李四。"


def _remark(
    world: World, bulletin: Bulletin, by: str = "province-approver", **given: Any
) -> PlaceRemark:
    data = PlaceInput.model_validate({"text": "期限太短。", **given})
    return services.remark_on(world.actor(by), bulletin.id, data)


def test_a_remark_finds_its_place(world: World) -> None:
    bulletin = submitted(world, body=BODY)
    assert _remark(world, bulletin, paragraph=3).paragraph == 3
    assert _remark(world, bulletin, quote="认真落实，二十日内").paragraph == 2
    assert _remark(world, bulletin, quote="二十日", paragraph=1).paragraph == 2


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "paragraph"),
        ({"paragraph": 4}, "paragraph"),
        ({"quote": "六十日"}, "quote"),
        ({"quote": "六十日", "paragraph": 1}, "quote"),
    ],
)
def test_what_is_not_in_the_text_is_no_place(
    world: World, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        _remark(world, submitted(world, body=BODY), **given)
    assert list(caught.value.errors) == [field]


def test_it_goes_with_its_words_when_the_text_changes(world: World) -> None:
    bulletin, clerk = submitted(world, body=BODY), world.actor("province-clerk")
    _remark(world, bulletin, quote="二十日内")
    _remark(world, bulletin, quote="李四")
    services.return_draft(world.actor("province-approver"), bulletin.id, "见批注。")
    body = "各单位：\n\n新的一段。\n\n请**认真**落实，二十日内报送。"
    services.save_draft(clerk, bulletin.id, bulletin.revision, draft_input(body=body))
    assert [one.now for one in remarks.of(bulletin)] == [3, None]


def test_the_clerk_settles_what_is_dealt_with(world: World) -> None:
    bulletin = submitted(world, body=BODY)
    first, second = (_remark(world, bulletin, paragraph=number) for number in (1, 2))
    services.settle_remark(world.actor("province-clerk"), first.id)
    assert [one.remark.id for one in remarks.of(bulletin)] == [second.id, first.id]


def test_only_a_text_under_review_is_remarked_on(world: World) -> None:
    for bulletin in (drafted(world), published(world)):
        with pytest.raises(Conflict):
            _remark(world, bulletin, paragraph=1)


WHO = [("province-reader", Forbidden), ("city-approver", NotFound), ("security", NotFound)]


@pytest.mark.parametrize(("name", "error"), WHO)
def test_only_working_seats_of_the_issuer_remark(
    world: World, name: str, error: type[DomainError]
) -> None:
    bulletin = submitted(world)
    with pytest.raises(error):
        _remark(world, bulletin, name, paragraph=1)
    kept = _remark(world, bulletin, paragraph=1)
    with pytest.raises(error):
        services.settle_remark(world.actor(name), kept.id)


def test_remarks_in_the_browser(world: World, browser_of: Browsers) -> None:
    bulletin = submitted(world, body=BODY)
    url = f"/bulletins/{bulletin.id}"
    approver, clerk = (browser_of(world.people[f"province-{one}"]) for one in ("approver", "clerk"))
    wrong = post(approver, f"{url}/remarks", url, quote="六十日", text="太长")
    assert wrong.status_code == 422
    assert "六十日" in wrong.text
    good = post(approver, f"{url}/remarks", url, quote="二十日", text="<b>太短</b>")
    assert good.status_code == 302
    post(approver, f"{url}/return", url, remark="见批注。")
    draft = f"/bulletins/drafts/{bulletin.id}"
    page = clerk.get(draft).text
    assert "&lt;b&gt;太短&lt;/b&gt;" in page
    assert "第 2 段" in page
    number = remarks.of(bulletin)[0].remark.id
    assert post(clerk, f"/bulletins/remarks/{number}/settle", draft).location == draft
    assert "已处理" in clerk.get(draft).text
    reader = browser_of(world.people["province-reader"])
    assert reader.get(f"/api/v1{url}/remarks").status_code == 401


def test_paragraphs_are_told_apart_by_blank_lines() -> None:
    assert places.paragraphs("甲\n甲\n\n \n乙\n　\n丙\n") == ["甲\n甲", "乙", "丙"]
    assert places.heads("字" * 40) == ["字" * 30 + "…"]
    assert places.where("甲\n\n**乙**丙", "乙丙") == 2
    assert places.where("甲", " * ") is None
