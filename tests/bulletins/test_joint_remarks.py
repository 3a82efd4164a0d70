"""Remarks of an organ beside the host, at the place of the text that they concern."""

import pytest

from bulletins import services
from bulletins.decisions import PlaceInput
from bulletins.queries import remarks
from config.errors import Conflict, Forbidden, NotFound
from tests.bulletins.browsing import Browsers, post
from tests.bulletins.together import together
from tests.worlds import World

BODY = "各单位：\n\n请认真落实，二十日内报送。"
OTHER = "唐山市市场监督管理局"


def _data(text: str = "期限太短。") -> PlaceInput:
    return PlaceInput(quote="二十日内", text=text)


def test_a_cosigner_remarks_at_a_place_and_the_host_sees_whose_it_is(
    world: World, browser_of: Browsers
) -> None:
    paper = together(world, body=BODY)
    approver = browser_of(world.people["other_city-approver"])
    page = f"/joint/{paper.id}"
    assert "第 2 段：请认真落实" in approver.get(page).text
    answer = post(approver, f"{page}/remarks", page, quote="二十日内", text="期限太短。")
    assert answer.headers["Location"].endswith(f"{page}#remarks")
    assert "期限太短。" in approver.get(page).text
    assert post(approver, f"{page}/return", page, remark="请看批注。").status_code == 302
    clerk = browser_of(world.people["city-clerk"])
    for place in (f"/bulletins/drafts/{paper.id}", f"/bulletins/{paper.id}"):
        shown = " ".join(clerk.get(place).text.split())
        assert "<b>第 2 段</b> <q>二十日内</q>" in shown
        assert f'期限太短。 <span class="muted">{OTHER} other_city approver' in shown
    (placed,) = remarks.of(paper)
    services.settle_remark(world.actor("city-clerk"), placed.remark.id)
    assert "已处理" in approver.get(page).text


def test_what_is_not_in_the_text_comes_back_with_what_was_typed(
    world: World, browser_of: Browsers
) -> None:
    paper = together(world, body=BODY)
    approver, page = browser_of(world.people["other_city-approver"]), f"/joint/{paper.id}"
    answer = post(approver, f"{page}/remarks", page, quote="六十日内", text="期限太短。")
    assert answer.status_code == 422
    assert "正文里没有这些字" in answer.text
    assert "期限太短。" in answer.text


def test_an_organ_sees_its_own_remarks_and_the_host_all(world: World, browser_of: Browsers) -> None:
    paper = together(world, body=BODY)
    services.remark_on(world.actor("city-approver"), paper.id, _data("内部意见。"))
    services.remark_on(world.actor("other_city-clerk"), paper.id, _data())
    other = browser_of(world.people["other_city-approver"]).get(f"/joint/{paper.id}").text
    assert "期限太短。" in other
    assert "内部意见。" not in other
    host = browser_of(world.people["city-approver"]).get(f"/bulletins/{paper.id}").text
    assert "期限太短。" in host
    assert "内部意见。" in host


def test_only_the_office_of_an_issuer_remarks_while_signatures_are_missing(world: World) -> None:
    paper = together(world, body=BODY)
    for name, error in (
        ("other_city-reader", Forbidden),
        ("other_city-liaison", Forbidden),
        ("province-approver", NotFound),
        ("county-approver", NotFound),
    ):
        with pytest.raises(error):
            services.remark_on(world.actor(name), paper.id, _data())
    services.return_joint(world.actor("other_city-approver"), paper.id, "请改")
    with pytest.raises(Conflict):
        services.remark_on(world.actor("other_city-approver"), paper.id, _data())
