"""The official layout of papers: who gets it, what stands where, PDF set once and safely."""

import socket
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from agencies.models import Agency
from bulletins import official, services
from bulletins.decisions import VoidInput
from bulletins.models import Receipt
from bulletins.services import official as layouts
from bulletins.services import printing
from bulletins.services.checks import today
from bulletins.services.publishing import publish_due
from bulletins.states import Urgency
from config import clock, typesetting
from config.database import db
from config.errors import Unavailable
from tests.bulletins.attaching import attached, kept
from tests.bulletins.browsing import Browsers
from tests.bulletins.numbering import code_of, numbered
from tests.bulletins.papers import TITLE, drafted, every_check, published, receipt_of, submitted
from tests.bulletins.sheets import Sheet, paragraphs, set_of, style
from tests.worlds import World

CLERK, APPROVER = "province-clerk", "province-approver"


def _set_papers() -> list[str]:
    return [key for key in kept() if key.startswith("official/")]


def test_issuer_and_receivers_download_the_same_paper(world: World, browser_of: Browsers) -> None:
    paper = numbered(world, code_of(world))
    receipt = receipt_of(world, "county", paper)
    issuer, receiver = (browser_of(world.people[one]) for one in (CLERK, "county-reader"))
    for client, place in ((issuer, f"/bulletins/{paper.id}"), (receiver, f"/inbox/{receipt.id}")):
        page = client.get(place).text
        assert f'href="{place}/official"' in page
        assert f'href="{place}/official.pdf"' in page
        assert "各单位：" in client.get(f"{place}/official").text
        response = client.get(f"{place}/official.pdf")
        assert response.mimetype == "application/pdf"
        assert "filename*=UTF-8" in response.headers["Content-Disposition"]
        assert response.headers["Cache-Control"] == "no-store"
        text = [line.text for line in Sheet(response.data).lines()]
        assert paper.number in text
        assert TITLE in text
    assert len(_set_papers()) == 1


def test_the_pdf_shows_the_paper_so_fetching_it_is_opening_it(
    world: World, browser_of: Browsers
) -> None:
    receipt = receipt_of(world, "county", published(world))
    client = browser_of(world.people["county-clerk"])
    url = f"/inbox/{receipt.id}/official.pdf"
    assert client.get(url, headers={"Sec-Purpose": "prefetch"}).status_code == 204
    assert client.head(url).status_code == 204
    assert db.session.get_one(Receipt, receipt.id).opened_at is None
    client.get(url)
    db.session.expire_all()
    assert db.session.get_one(Receipt, receipt.id).opened_at is not None


def test_a_paper_is_set_once_and_again_when_it_says_something_else(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = published(world)
    actor = world.actor(CLERK)
    first = printing.printed(layouts.issued(actor, paper.id))
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", "/bin/false")
        assert printing.printed(layouts.issued(actor, paper.id)) == first
    services.void(world.actor(APPROVER), paper.id, VoidInput(reason="有误。"))
    again = printing.printed(layouts.issued(actor, paper.id))
    assert Sheet(again.content).lines()[0].text == "本件已撤销，自始无效"
    assert len(_set_papers()) == 2


def test_what_was_set_long_ago_is_forgotten(world: World) -> None:
    printing.printed(layouts.issued(world.actor(CLERK), published(world).id))
    printing.forget_old()
    assert len(_set_papers()) == 1
    with time_machine.travel(clock.now() + timedelta(days=31)):
        printing.forget_old()
    assert _set_papers() == []


def test_each_place_is_filled_from_the_paper(world: World) -> None:
    draft = drafted(
        world,
        urgency=Urgency.FLASH,
        body="请**认真**落实，见[网页](https://example.org/a)。",
        to_all=False,
        to_agencies=[world.agencies["city"]],
        cc_agencies=[world.agencies["other_city"]],
    )
    attached(world, draft, "检查表.v2.pdf")
    services.submit(world.actor(CLERK), draft.id, every_check())
    unsigned = layouts.issued(world.actor(CLERK), draft.id)
    assert (unsigned.mark, unsigned.signed_on, unsigned.signers) == ("未签发，不具效力", "", [])
    with time_machine.travel("2018-05-04T17:00:00+00:00"):  # the next day already where it is
        services.sign(world.actor(APPROVER), draft.id, looked_at=every_check())
    paper = layouts.issued(world.actor(CLERK), draft.id)
    assert paper.flag == paper.issuer + "文件"
    assert (paper.urgency, paper.signed_on, paper.mark) == ("特急", "2018年5月5日", "")
    names = [db.session.get_one(Agency, world.agencies[one]).name for one in ("city", "other_city")]
    assert [paper.to, paper.cc] == names
    assert paper.attachments == ["检查表.v2"]
    assert paper.signers == []
    assert str(paper.body) == "<p>请<strong>认真</strong>落实，见<a>网页</a>。</p>"


def test_what_waited_for_its_time_bears_the_day_it_went_out(world: World) -> None:
    draft = submitted(world)
    with time_machine.travel("2018-05-04T02:00:00+00:00"):
        then = clock.now() + timedelta(days=3)
        services.sign(world.actor(APPROVER), draft.id, None, then, looked_at=every_check())
    with time_machine.travel("2018-05-07T03:00:00+00:00"):
        assert publish_due() == 1
    paper = layouts.issued(world.actor(CLERK), draft.id)
    assert (paper.signed_on, paper.printed_on) == ("2018年5月4日", "2018年5月7日")  # 7.4.3


def _only(world: World, to: str, **given: Any) -> dict[str, Any]:
    plain = {"to_all": False, "needs_acknowledgement": False}
    return {**plain, "to_agencies": [world.agencies[to]], **given}


def test_what_goes_up_names_who_signed_it_and_whom_to_ask(world: World) -> None:
    given = {"title": "关于增拨经费的请示", "contact_name": "王芳", "contact_phone": "0311-8661"}
    up = published(world, "city", **_only(world, "province", type="request", **given))
    paper = layouts.issued(world.actor("city-clerk"), up.id)
    assert paper.signers == [world.actor("city-approver").person.name]
    assert paper.note == "联系人：王芳，电话：0311-8661"


def test_a_letter_takes_the_form_of_letters(world: World) -> None:
    beside = _only(world, "other_city", type="letter", title="关于商请协查的函")
    sent = published(world, "city", **beside)
    paper = layouts.issued(world.actor("city-clerk"), sent.id)
    assert (paper.form, paper.flag, paper.signers) == ("letter", paper.issuer, [])


def test_minutes_take_the_form_of_minutes(world: World) -> None:
    given: dict[str, Any] = {
        "title": "质量工作会议纪要",
        "held_on": today(),
        "participants": "各处室负责人",
        "observers": "省政府办公厅张三",
    }
    sent = published(world, type="minutes", **given)
    paper = layouts.issued(world.actor(CLERK), sent.id)
    assert (paper.form, paper.flag) == ("minutes", f"{paper.issuer}会议纪要")
    assert paper.attendance == [("出席", "各处室负责人"), ("列席", "省政府办公厅张三")]
    assert paper.is_to_below


def test_what_an_everyday_paper_states_is_printed_with_it(world: World) -> None:
    given = {"title": "政策问答", "refers_to": "《某办法》", "type": "interpretation"}
    paper = layouts.issued(world.actor(CLERK), published(world, **given).id)
    assert paper.stated == [("解读的文件", "《某办法》")]


@pytest.mark.parametrize(
    ("html", "to", "rest"),
    [
        ("<p>各市局：</p>\n<p>一。</p>", "各市局", "\n<p>一。</p>"),
        ("<p>各市局，省直各单位：<br />\n请落实。</p>", "各市局，省直各单位", "<p>请落实。</p>"),
        (
            "<p>现将有关事项通知如下：</p><p>一。</p>",
            "",
            "<p>现将有关事项通知如下：</p><p>一。</p>",
        ),
        ("<p>请落实。各市局：</p>", "", "<p>请落实。各市局：</p>"),
    ],
)
def test_a_text_that_addresses_somebody_itself_is_not_addressed_twice(
    html: str, to: str, rest: str
) -> None:
    assert official.parted(html) == (to, rest)


def test_levels_written_as_plain_lines_are_found() -> None:
    html = "<p>一、总体要求</p><p>（二）目标</p><p>一、这是一整段话。不是标题。</p>"
    assert official.shaped(html) == (
        '<p class="official-first">一、总体要求</p><p class="official-second">（二）目标</p>'
        "<p>一、这是一整段话。不是标题。</p>"
    )


def test_nothing_that_a_text_names_is_ever_fetched(world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        there = f"http://127.0.0.1:{server.getsockname()[1]}"
        body = f"![图]({there}/a.png) [文]({there}/b) <img src='{there}/c.png'> {there}/d"
        paper = published(world, body=body)
        content = printing.printed(layouts.issued(world.actor(CLERK), paper.id)).content
        assert b"/URI" not in content
        secret = Path(typesetting.__file__)
        hostile = (
            f"<link rel=stylesheet href={there}/e.css><link rel=attachment href={secret.as_uri()}>"
            f"<style>@import url({there}/f.css); p {{ background: url({there}/g.png) }}"
            f"@font-face {{ font-family: x; src: url({there}/h.otf) }} p {{ font-family: x }}"
            f"</style><p>文<img src={there}/i.png><img src={secret.as_uri()}>"
            f"<object data={there}/j.svg></object><a rel=attachment href={there}/k>l</a></p>"
        )
        content = typesetting.pdf_of(hostile, style())
        assert b"/EmbeddedFile" not in content
        with pytest.raises(TimeoutError):
            server.accept()


def test_what_takes_too_long_is_given_up() -> None:
    with pytest.raises(Unavailable, match="限定时间"):
        typesetting.pdf_of("<p>文</p>" * 1000, style(), seconds=0.2)


def test_a_word_without_end_is_set_in_time() -> None:
    """The typesetter would seek a place to break it for minutes."""
    for one in ("a", "&amp;", "é"):
        body = official.shaped(f"<p>{one * 20_000}</p>")
        assert body.count("<wbr>") == 500
    assert set_of(body=official.shaped(f"<p>{'a' * 50_000}</p>")).pages > 20


def test_the_longest_text_is_set_in_time() -> None:
    assert set_of(body=paragraphs(100, "文" * 500)).pages > 80


def test_a_missing_library_is_named_and_the_print_page_works(
    world: World, browser_of: Browsers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\ncat >/dev/null\necho 'no libpango' >&2\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    place = f"/bulletins/{published(world).id}/official"
    client = browser_of(world.people[CLERK])
    response = client.get(f"{place}.pdf")
    assert response.status_code == 503
    assert "libpango-1.0-0" in response.text
    assert client.get(place).status_code == 200
    assert _set_papers() == []


def test_without_its_fonts_a_paper_is_set_in_others(
    world: World, browser_of: Browsers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(typesetting, "FONTS", tmp_path)
    place = f"/bulletins/{submitted(world).id}/official"
    client = browser_of(world.people[CLERK])
    assert "make fonts" in client.get(place).text
    sheet = Sheet(client.get(f"{place}.pdf").data)
    assert "Noto" in sheet.line(TITLE[:4]).chars[0].font
