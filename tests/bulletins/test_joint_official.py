"""Papers of several organs on their official sheet: who sees it, whose names stand on it."""

from typing import Any

import pytest

from bulletins import services
from bulletins.models import Bulletin
from bulletins.services import official as layouts
from config.database import writing
from config.errors import Forbidden, NotFound
from tests.bulletins.browsing import Browsers
from tests.bulletins.papers import receipt_of, submitted
from tests.bulletins.sheets import Sheet
from tests.worlds import World

HOST, OTHER = "city approver", "other_city approver"


def _upward(world: World) -> Bulletin:
    """A request of two cities to their province that waits for signatures."""
    given: dict[str, Any] = {
        "type": "request",
        "title": "关于增拨经费的请示",
        "contact_name": "王芳",
        "contact_phone": "0311-8661",
        "to_all": False,
        "to_agencies": [world.agencies["province"]],
        "needs_acknowledgement": False,
    }
    return submitted(world, "city", joint_agencies=[world.agencies["other_city"]], **given)


def _signed(world: World) -> Bulletin:
    paper = _upward(world)
    services.sign(world.actor("city-approver"), paper.id)
    services.cosign(world.actor("other_city-approver"), paper.id)
    return paper


def test_what_goes_up_names_the_signer_of_each_organ(world: World) -> None:
    paper = _upward(world)
    assert layouts.issued(world.actor("city-clerk"), paper.id).signers == []
    services.sign(world.actor("city-approver"), paper.id)
    services.cosign(world.actor("other_city-approver"), paper.id)
    receipt = receipt_of(world, "province", paper)
    for printed in (
        layouts.issued(world.actor("city-clerk"), paper.id),
        layouts.issued(world.actor("other_city-clerk"), paper.id),
        layouts.received(world.actor("province-clerk"), receipt.id),
    ):
        assert printed.signers == [HOST, OTHER]


def test_a_version_keeps_its_signers_while_its_correction_waits_for_them(world: World) -> None:
    paper = _signed(world)
    services.correct(world.actor("city-clerk"), paper.id)
    with writing():
        paper.note, paper.body = "更正数字", "更正后的正文"
        paper.html = "<p>更正后的正文</p>"
    services.submit(world.actor("city-clerk"), paper.id)
    receipt = receipt_of(world, "province", paper)
    assert layouts.received(world.actor("province-clerk"), receipt.id).signers == [HOST, OTHER]
    before_it = layouts.issued(world.actor("other_city-approver"), paper.id)
    assert "更正后的正文" in before_it.body
    assert (before_it.mark, before_it.signers) == ("未签发，不具效力", [])
    read = layouts.issued(world.actor("other_city-reader"), paper.id)
    assert "更正后的正文" not in read.body


def test_each_issuer_sees_the_sheet_before_and_after(world: World, browser_of: Browsers) -> None:
    paper = _upward(world)
    client = browser_of(world.people["other_city-approver"])
    place = f"/bulletins/{paper.id}/official"
    for mark in ("未签发，不具效力", ""):
        shown = client.get(f"/joint/{paper.id}").text
        assert f'href="{place}"' in shown
        assert f'href="{place}.pdf"' in shown
        sheet = client.get(place)
        assert sheet.status_code == 200
        assert f'href="/joint/{paper.id}"' in sheet.text
        lines = [line.text for line in Sheet(client.get(f"{place}.pdf").data).lines()]
        assert ("未签发，不具效力" in lines) is bool(mark)
        if mark:
            services.sign(world.actor("city-approver"), paper.id)
            services.cosign(world.actor("other_city-approver"), paper.id)
    assert any("签发人：" in line for line in lines)


def test_nobody_else_sees_the_sheet(world: World) -> None:
    paper = _upward(world)
    for name, error in (
        ("other_city-reader", Forbidden),
        ("province-approver", NotFound),
        ("county-approver", NotFound),
        ("other_county-clerk", NotFound),
        ("unrelated-approver", NotFound),
    ):
        with pytest.raises(error):
            layouts.issued(world.actor(name), paper.id)
    services.return_joint(world.actor("other_city-approver"), paper.id, "请改")
    with pytest.raises(NotFound):  # its host works on it
        layouts.issued(world.actor("other_city-approver"), paper.id)


def test_the_timeline_names_the_signer_of_each_organ(world: World, browser_of: Browsers) -> None:
    page = browser_of(world.people["city-reader"]).get(f"/bulletins/{_signed(world).id}").text
    timeline = " ".join(page[page.index('<ol class="timeline">') :].split())
    assert "各机关均已签发，发布" in timeline
    assert f'会签 <span class="muted">唐山市市场监督管理局 {OTHER}</span>' in timeline
    assert timeline.count(OTHER) == 1
    assert f'主办机关签发，待会签 <span class="muted"> {HOST}</span>' in timeline


def test_the_host_who_signs_last_is_named_as_its_signer(world: World, browser_of: Browsers) -> None:
    paper = _upward(world)
    services.cosign(world.actor("other_city-approver"), paper.id)
    services.sign(world.actor("city-approver"), paper.id)
    page = browser_of(world.people["city-reader"]).get(f"/bulletins/{paper.id}").text
    timeline = " ".join(page[page.index('<ol class="timeline">') :].split())
    assert f'签发 <span class="muted"> {HOST}</span>' in timeline
    assert timeline.count(OTHER) == 1
