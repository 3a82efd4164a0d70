"""The layout a drafter chooses where a type has two, from the draft to each version's sheet."""

from typing import Any

import pytest

from bulletins import services
from bulletins.models import Bulletin, BulletinVersion
from bulletins.services import official as layouts
from bulletins.states import Layout
from config.database import db
from config.errors import Invalid
from tests.bulletins.browsing import Browsers, form, post
from tests.bulletins.papers import draft_input, drafted, every_check, published, submitted
from tests.worlds import World

CLERK = "province-clerk"


def _form(world: World, paper: Bulletin, issuer: str = "province") -> tuple[str, str]:
    sheet = layouts.issued(world.actor(f"{issuer}-clerk"), paper.id)
    return sheet.form, sheet.flag.removeprefix(sheet.issuer)


def test_a_notice_is_sent_as_a_letter_where_its_drafter_says_so(world: World) -> None:
    paper = published(world, layout="letter")
    assert db.session.get_one(BulletinVersion, (paper.id, 1)).layout == Layout.LETTER
    assert _form(world, paper) == ("letter", "")
    assert _form(world, published(world)) == ("document", "文件")


def test_a_letter_is_sent_as_a_document_where_its_drafter_says_so(world: World) -> None:
    given: dict[str, Any] = {
        "type": "letter",
        "title": "关于商请协查的函",
        "to_all": False,
        "to_agencies": [world.agencies["other_city"]],
    }
    assert _form(world, published(world, "city", **given), "city") == ("letter", "")
    other = published(world, "city", layout="document", **given)
    assert _form(world, other, "city") == ("document", "文件")


def test_where_a_type_has_no_choice_none_is_kept(world: World) -> None:
    kept = drafted(world, type="decision", title="关于表扬的决定", layout="letter")
    assert kept.layout is None
    assert drafted(world, layout="document").layout is None  # as notices usually are


def test_what_goes_up_is_a_document_because_it_names_its_signer(world: World) -> None:
    draft = drafted(
        world,
        "city",
        type="opinion",
        title="关于加强检验的意见",
        layout="letter",
        to_all=False,
        to_agencies=[world.agencies["province"]],
    )
    with pytest.raises(Invalid) as caught:
        services.submit(world.actor("city-clerk"), draft.id, every_check())
    assert set(caught.value.errors) == {"layout"}


def test_a_correction_may_mend_the_layout_and_may_be_dropped(world: World) -> None:
    paper = published(world)
    clerk = world.actor(CLERK)
    for drops in (True, False):
        services.correct(clerk, paper.id)
        data = draft_input(layout="letter", note="应为信函格式")
        services.save_draft(clerk, paper.id, paper.revision, data)
        if drops:
            services.abandon(clerk, paper.id)
            assert paper.layout is None
    services.submit(clerk, paper.id, every_check())
    services.sign(world.actor("province-approver"), paper.id, looked_at=every_check())
    versions = [db.session.get_one(BulletinVersion, (paper.id, one)).layout for one in (1, 2)]
    assert versions == [None, Layout.LETTER]
    assert _form(world, paper) == ("letter", "")


def test_it_is_chosen_in_the_browser(world: World, browser_of: Browsers) -> None:
    clerk, new = browser_of(world.people[CLERK]), "/bulletins/drafts/new"
    saved = post(clerk, new, new, **form(layout="letter"))
    assert '<option value="letter" selected>信函格式' in clerk.get(saved.location).text
    bulletin_id = saved.location.rpartition("/")[2]
    assert "official-letter" in clerk.get(f"/bulletins/{bulletin_id}/official").text
    wrong = post(clerk, new, new, **form(layout="scroll"))
    assert wrong.status_code == 422


def test_an_unsigned_order_says_so(world: World) -> None:
    paper = submitted(world, type="order", title="河北省市场监督管理局令")
    sheet = layouts.issued(world.actor(CLERK), paper.id)
    assert (sheet.form, sheet.signers, sheet.mark) == ("order", [], "未签发，不具效力")
