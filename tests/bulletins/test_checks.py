"""The checks before publishing: what stops a paper, what asks to be looked at, who is told."""

import json
from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import select

from bulletins import services
from bulletins.links import Target, target
from bulletins.models import Bulletin
from bulletins.personal import Kind, numbers_in
from bulletins.ports import CHECKS, Check, Examined, Finding, Level
from bulletins.services import checking
from bulletins.services.checking import Unchecked, examine
from bulletins.services.indexing import index_papers
from bulletins.states import State
from config import clock
from config.database import db, writing
from config.errors import Forbidden, NotFound
from config.journal import Entry
from tests.bulletins.browsing import Browsers
from tests.bulletins.numbering import code_of
from tests.bulletins.papers import drafted, published, submitted
from tests.bulletins.queries import counted
from tests.worlds import World

IDENTITY = "11010519491231002X"  # the example of GB 11643-1999
CARD = "6205500000000000004"  # a test number that a payment service publishes
PHONE = "13812345678"


def found(bulletin: Bulletin) -> Mapping[str, list[tuple[str, str]]]:
    """What each check found: places and words."""
    return {
        one.check.name: [(finding.place, finding.words) for finding in one.findings]
        for one in examine(bulletin).outcomes
        if one.findings
    }


def test_a_plain_paper_passes_without_a_word(world: World) -> None:
    bulletin = drafted(world, organ_code_id=code_of(world))
    assert found(bulletin) == {}
    services.submit(world.actor("province-clerk"), bulletin.id)
    assert services.sign(world.actor("province-approver"), bulletin.id).state == "published"


def test_warnings_want_one_look_and_are_kept_as_names(world: World) -> None:
    body = f"请联系 {PHONE}。"
    bulletin = drafted(world, body=body)
    clerk, approver = world.actor("province-clerk"), world.actor("province-approver")
    with pytest.raises(Unchecked) as stopped:
        services.submit(clerk, bulletin.id)
    assert stopped.value.status == 422
    assert list(stopped.value.errors) == ["personal"]
    assert "138****5678" in str(stopped.value.errors["personal"])
    db.session.refresh(bulletin)
    assert bulletin.state == State.DRAFT
    with pytest.raises(Unchecked):
        services.submit(clerk, bulletin.id, ["length"])
    services.submit(clerk, bulletin.id, ["personal"])
    with pytest.raises(Unchecked):
        services.sign(approver, bulletin.id)
    services.sign(approver, bulletin.id, looked_at=["personal"])
    entry = db.session.scalars(select(Entry).where(Entry.kind == "bulletin.published")).one()
    assert entry.facts["passed_personal"] is True
    assert PHONE not in json.dumps(entry.facts)
    assert "138" not in json.dumps(entry.facts)


def test_a_paper_that_gets_no_number_is_told_of_and_held_up_by_nothing(world: World) -> None:
    approver = world.actor("province-approver")
    first, second, information = (
        drafted(world, title=title, type=kind)
        for title, kind in (("通知", "notice"), ("防汛通知", "notice"), ("动态", "information"))
    )
    [(_place, words)] = found(first)["number"]
    assert "没有启用机关代字" in words
    assert "number" not in found(information)  # nobody numbers an everyday paper
    services.submit(world.actor("province-clerk"), first.id)
    assert services.sign(approver, first.id).number is None
    code = code_of(world)
    [(_place, words)] = found(second)["number"]
    assert "没有选机关代字" in words
    assert "number" not in found(drafted(world, title="整改通知", organ_code_id=code))


def test_what_refuses_can_not_be_ticked_away(world: World) -> None:
    bulletin = drafted(world)
    with writing():
        bulletin.body = "第一段。\n\n机密★一年\n"
    assert found(bulletin)["classification"][0][0] == "正文第 2 段"
    for names in ([], ["classification"]):
        with pytest.raises(Unchecked):
            services.submit(world.actor("province-clerk"), bulletin.id, names)
    with writing():
        bulletin.state = State.SUBMITTED
    with pytest.raises(Unchecked):
        services.sign(world.actor("province-approver"), bulletin.id, looked_at=["classification"])


def test_a_check_of_another_folder_stops_a_paper(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(_paper: Examined) -> list[Finding]:
        return [Finding("不行。", "标题")]

    bulletin = submitted(world)
    mine = Check("never", CHECKS[0].title, Level.REFUSE, never)
    monkeypatch.setattr(checking, "CHECKS", [*CHECKS, mine])
    with pytest.raises(Unchecked) as stopped:
        services.sign(world.actor("province-approver"), bulletin.id)
    assert stopped.value.errors == {"never": "标题：不行。"}


def test_strangers_learn_nothing_from_checks(world: World) -> None:
    bulletin = drafted(world, body=f"电话 {PHONE}")
    with pytest.raises(NotFound):
        services.submit(world.actor("city-clerk"), bulletin.id)
    with pytest.raises(Forbidden):
        services.submit(world.actor("province-approver"), bulletin.id)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (f"身份证号{IDENTITY}。", [Kind.IDENTITY]),
        ("身份证号110105 19491231 002x", [Kind.IDENTITY]),
        ("１１０１０５１９４９１２３１００２Ｘ", [Kind.IDENTITY]),
        ("110105194912310021", []),  # its check digit is wrong
        ("110105194913310029", []),  # there is no 13th month
        (f"账号：{CARD}", [Kind.CARD]),
        ("账号：6205 5000 0000 0000 004", [Kind.CARD]),
        ("6205500000000000005", []),  # fails Luhn
        ("4111111111111111", [Kind.CARD]),
        ("1111111111111117", []),  # nobody issues these
        (f"手机{PHONE}或+86 139-1234-5678", [Kind.PHONE, Kind.PHONE]),
        ("电话 0311-88886666，12345", []),
        ("编号 A13812345678B", []),
        ("91130100MA0000000X", []),
        ("138123456789", []),
    ],
)
def test_numbers_of_persons(text: str, kinds: list[Kind]) -> None:
    assert [one.kind for one in numbers_in(text)] == kinds
    for one in numbers_in(text):
        assert "***" in one.masked


def test_a_long_text_is_told_of(world: World) -> None:
    assert "length" not in found(drafted(world, body="字" * 5000))
    assert "length" in found(drafted(world, body="字" * 5001))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.gov.cn/a", Target()),
        ("https://例子.中国/a", Target()),
        ("http://192.168.1.4/x", Target(is_private=True)),
        ("http://[::1]/", Target(is_private=True)),
        ("http://server/x", Target(is_private=True)),
        ("http://oa.local/", Target(is_private=True)),
        ("http://2130706433/", Target(is_malformed=True)),
        ("http://0x7f.1/", Target(is_malformed=True)),
        ("http:///x", Target(is_malformed=True)),
        ("https://a..b/", Target(is_malformed=True)),
        ("http://[1:/", Target(is_malformed=True)),
        ("http://a.cn:99999/", Target(is_malformed=True)),
        ("mailto:nobody", Target(is_malformed=True)),
        ("/bulletins/12/chain", Target(bulletin_id=12)),
        ("https://here.cn/bulletins/12", Target(bulletin_id=12)),
        ("/inbox/3", Target(is_own_page=True)),
        ("/help", Target()),
    ],
)
def test_where_a_link_leads(url: str, expected: Target) -> None:
    assert target(url, "https://here.cn") == expected


def test_links_to_papers_that_readers_lack(world: World) -> None:
    everybody = published(world)
    few = published(world, to_all=False, to_agencies=[world.agencies["city"]], title="甲")
    foreign = published(world, "city", title="乙")
    unsigned = drafted(world, title="丙")
    gone = published(world, title="丁")
    with writing():
        gone.state = State.VOID
    ids = [one.id for one in (everybody, few, foreign, unsigned, gone)]
    body = "\n\n".join(f"[{number}](/bulletins/{number})" for number in [*ids, 999_999])
    findings = dict(found(drafted(world, body=body))["links"])
    assert f"链接“{everybody.id}”" not in findings
    assert "没有收到过《甲》" in findings[f"链接“{few.id}”"]
    assert "《丁》已撤销" in findings[f"链接“{gone.id}”"]
    unknown = findings["链接“999999”"]
    assert findings[f"链接“{unsigned.id}”"] == findings[f"链接“{foreign.id}”"] == unknown


def test_links_cost_one_query_however_many(world: World) -> None:
    papers = [published(world, title=f"第{number}件") for number in range(6)]
    one = drafted(world, body=f"[a](/bulletins/{papers[0].id})")
    many = drafted(world, body=" ".join(f"[a](/bulletins/{one.id})" for one in papers))
    with counted() as of_one:
        examine(one)
    with counted() as of_many:
        examine(many)
    assert len(of_one) == len(of_many)


def test_a_reader_follows_a_link_to_the_receipt(world: World, browser_of: Browsers) -> None:
    bulletin = published(world)
    answer = browser_of(world.people["county-clerk"]).get(f"/bulletins/{bulletin.id}")
    assert answer.status_code == 302
    assert "/inbox/" in answer.headers["Location"]


def _index(*papers: Bulletin) -> None:
    with writing():
        index_papers([one.id for one in papers])


def test_a_similar_paper_of_late_is_named(world: World) -> None:
    body = "请各市县市场监管局于本月底前完成辖区内电梯安全隐患排查，并将结果书面报告。"
    first = published(world, title="关于开展电梯安全排查的通知", body=body)
    _index(first)
    again = drafted(world, title="关于再次开展电梯安全排查的通知", body=body)
    (words,) = found(again)["similar"]
    assert "关于开展电梯安全排查的通知" in words[1]
    other = drafted(
        world, title="关于开展电梯安全排查的通知", body="春节期间值班安排如下，请遵照执行。"
    )
    assert "similar" not in found(other)
    assert "similar" not in found(first)  # not to itself
    theirs = drafted(world, "city", title=again.title, body=body)
    assert "similar" not in found(theirs)
    with clock.shifted(timedelta(days=92)):
        assert "similar" not in found(again)
