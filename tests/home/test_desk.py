"""The first page of people in seats: what waits for each, by a fixed number of questions."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from apiflask import APIFlask
from flask.testing import FlaskClient

from agencies.actors import console
from agencies.services import absences
from agencies.services import seats as placing
from bulletins import services as bulletins
from config import clock
from config.database import db, writing
from coordination import services as coordination
from home import seats
from tests.bulletins import asking, papers, shelving
from tests.bulletins.queries import counted
from tests.bulletins.relays import laid, to_cities
from tests.bulletins.reviews import under_review
from tests.coordination.tasks import given, part_of, submitted
from tests.worlds import World, add_person

Browser = Callable[[int], FlaskClient]

NOTHING = "现在没有等您办理的事"
MOST_STATEMENTS = 20


def _home(world: World, browser_of: Browser, who: str) -> str:
    answer = browser_of(world.people[who]).get("/")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("who", ["county-clerk", "county-reader", "province-approver"])
def test_it_says_clearly_that_nothing_waits(world: World, browser_of: Browser, who: str) -> None:
    assert NOTHING in _home(world, browser_of, who)


def test_a_county_clerk_sees_papers_and_tasks(world: World, browser_of: Browser) -> None:
    paper = papers.published(world, title="关于专项检查的通知")
    row = part_of(given(world, title="燃气安全排查", days=2), world)
    page = _home(world, browser_of, "county-clerk")
    assert NOTHING not in page
    assert f'href="/inbox/{papers.receipt_of(world, "county", paper).id}"' in page
    assert f'href="/tasks/{row.id}"' in page
    assert "待接收" in page
    assert "待签发的文稿" not in page


def test_what_is_listed_here_counts_as_delivered(world: World, browser_of: Browser) -> None:
    paper = papers.published(world)
    receipt = papers.receipt_of(world, "county", paper)
    assert receipt.delivered_at is None
    _home(world, browser_of, "county-clerk")
    db.session.refresh(receipt)
    assert receipt.delivered_by == world.people["county-clerk"]
    assert receipt.opened_at is None
    assert papers.receipt_of(world, "sibling", paper).delivered_at is None


def test_a_reader_sees_what_nobody_has_opened(world: World, browser_of: Browser) -> None:
    paper = papers.published(world, needs_acknowledgement=False)
    receipt = papers.receipt_of(world, "county", paper)
    page = _home(world, browser_of, "county-reader")
    assert "未阅的文件" in page
    assert f'href="/inbox/{receipt.id}"' in page
    bulletins.open_receipt(world.actor("county-clerk"), receipt.id)
    assert NOTHING in _home(world, browser_of, "county-reader")


def test_a_reader_is_told_who_acknowledges(world: World, browser_of: Browser) -> None:
    papers.published(world)
    assert "阅文岗位不能签收" in _home(world, browser_of, "county-reader")
    assert "阅文岗位不能签收" not in _home(world, browser_of, "county-duty")


def test_an_approver_sees_what_to_sign_and_a_clerk_what_came_back(
    world: World, browser_of: Browser
) -> None:
    paper = papers.submitted(world, "city", title="待签的文稿")
    page = _home(world, browser_of, "city-approver")
    assert "待签发的文稿" in page
    assert "待签的文稿" in page
    assert "待签的文稿" not in _home(world, browser_of, "city-clerk")
    bulletins.return_draft(world.actor("city-approver"), paper.id, "请改标题")
    assert "退回修改的文稿" in _home(world, browser_of, "city-clerk")
    assert NOTHING in _home(world, browser_of, "city-approver")
    assert NOTHING in _home(world, browser_of, "other_city-clerk")


def test_relays_wait_for_the_approver_and_come_back_to_the_clerk(
    world: World, browser_of: Browser
) -> None:
    relay = laid(world, to_cities(world, needs_acknowledgement=False, title="关于专项检查的通知"))
    page = _home(world, browser_of, "city-approver")
    assert "待签发的转发稿" in page
    assert f'href="/relays/{relay.id}"' in page
    assert f'href="/relays/{relay.id}"' not in _home(world, browser_of, "city-clerk")
    bulletins.return_relay(world.actor("city-approver"), relay.id, "请写明期限")
    page = _home(world, browser_of, "city-clerk")
    assert "退回修改的转发稿" in page
    assert f'href="/relays/{relay.id}"' in page
    assert NOTHING in _home(world, browser_of, "city-approver")
    assert NOTHING in _home(world, browser_of, "other_city-clerk")


def test_an_issuer_sees_answers_and_its_latest_papers(world: World, browser_of: Browser) -> None:
    for number in range(4):
        papers.published(world, title=f"第{number}号通知")
    task = given(world, title="燃气安全排查")
    submitted(task, world)
    page = _home(world, browser_of, "province-clerk")
    assert "待审核的任务" in page
    assert f'href="/tasks/issued/{task.id}?state=submitted"' in page
    assert "1 家已报送，待审核" in page
    assert [n for n in range(4) if f"第{n}号通知" in page] == [1, 2, 3]
    assert "待审核的任务" not in _home(world, browser_of, "province-reader")


def test_an_issuer_sees_what_is_overdue_below(world: World, browser_of: Browser) -> None:
    with time_machine.travel("2026-03-06T04:00:00+00:00", tick=False):
        task = given(world, title="燃气安全排查", days=1)
    page = _home(world, browser_of, "province-clerk")
    assert "下级逾期任务" in page
    assert f'href="/tasks/issued/{task.id}?state=overdue"' in page
    assert "1 家逾期未报送" in page
    assert "下级逾期任务" not in _home(world, browser_of, "province-reader")
    assert "下级逾期任务" not in _home(world, browser_of, "city-clerk")
    listed = browser_of(world.people["province-clerk"]).get("/tasks/issued?state=overdue").text
    assert "燃气安全排查" in listed


def test_who_answers_sees_questions_and_who_selects_offers(
    world: World, browser_of: Browser
) -> None:
    paper = papers.published(world, title="关于专项检查的通知")
    for agency in ("county", "sibling"):
        asking.asked(world, paper, agency)
    case = shelving.case(world)
    shelving.offered(world, case.id)
    page = _home(world, browser_of, "province-approver")
    assert "待答复的提问" in page
    assert f'href="/bulletins/{paper.id}/questions?show=open"' in page
    assert "2 条待答复" in page
    assert "待遴选的推荐" in page
    assert f'href="/library/{case.id}"' in page
    assert "石家庄市市场监督管理局推荐" in page
    page = _home(world, browser_of, "province-clerk")
    assert "2 条待答复" in page
    assert "待遴选的推荐" not in page
    assert NOTHING in _home(world, browser_of, "province-reader")
    for who in ("county-approver", "other_city-approver"):
        assert "条待答复" not in _home(world, browser_of, who)
        assert "待遴选的推荐" not in _home(world, browser_of, who)


def test_reviewers_and_organs_that_sign_with_the_host_see_what_waits(
    world: World, browser_of: Browser
) -> None:
    reviewed = under_review(world, ["liaison"], title="待审的文稿")
    together = papers.submitted(world, "city", joint_agencies=[world.agencies["other_city"]])
    page = _home(world, browser_of, "province-liaison")
    assert "待您审核的文稿" in page
    assert f'href="/bulletins/{reviewed.id}"' in page
    page = _home(world, browser_of, "other_city-approver")
    assert "待会签的公文" in page
    assert f'href="/joint/{together.id}"' in page
    for who in ("province-reader", "other_city-clerk", "other_county-approver"):
        assert NOTHING in _home(world, browser_of, who)


def test_urgent_papers_and_near_deadlines_come_first(world: World, browser_of: Browser) -> None:
    papers.published(world, title="平件一")
    papers.published(world, title="特急件", urgency="flash")
    papers.published(world, title="平件二")
    page = _home(world, browser_of, "county-clerk")
    assert page.index("特急件") < page.index("平件一") < page.index("平件二")


def test_who_stands_in_for_another_sees_what_waits_there(world: World, browser_of: Browser) -> None:
    for title in ("关于专项检查的通知", "关于电梯维保的通知"):
        papers.published(world, title=title)
    given(world)
    seat_id = world.actor("county-approver").seat_id
    assert seat_id is not None
    placing.give(console(), seat_id, "sibling-reader", is_deputy=True)
    assert "您的其他岗位" not in _home(world, browser_of, "sibling-reader")
    today = clock.now().date()
    absences.enter(console(), world.people["county-approver"], today, today + timedelta(days=2))
    page = re.sub(r"<[^>]+>|\s+", " ", _home(world, browser_of, "sibling-reader"))
    page = re.sub(" +", " ", page)
    assert "长安区市场监督管理局 · 签发 副岗 待签收 2 待办任务 1 切换到这个岗位" in page


def test_two_seats_of_one_agency_tell_only_what_differs(world: World, browser_of: Browser) -> None:
    papers.published(world)
    upward = {"to_all": False, "to_agencies": [world.agencies["city"]]}
    papers.submitted(
        world, "county", **upward, needs_acknowledgement=False, type="report", title="工作报告"
    )
    seat_id = world.actor("county-approver").seat_id
    assert seat_id is not None
    placing.give(console(), seat_id, "county-clerk", is_deputy=True)
    today = clock.now().date()
    absences.enter(console(), world.people["county-approver"], today, today + timedelta(days=2))
    card = _home(world, browser_of, "county-clerk").partition("您的其他岗位")[2]
    card = card.partition("切换到这个岗位")[0]
    assert "待签发 1" in card
    assert "待签收" not in card


def test_five_stand_for_many(world: World, browser_of: Browser) -> None:
    for number in range(7):
        papers.published(world, title=f"第{number}号通知")
    page = _home(world, browser_of, "county-clerk")
    assert "全部 7 件" in page
    assert [n for n in range(7) if f"第{n}号通知" in page] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("who", ["county-clerk", "province-approver", "province-clerk"])
def test_the_questions_do_not_grow(world: World, browser_of: Browser, who: str) -> None:
    client = browser_of(world.people[who])

    def fill(count: int) -> None:
        for number in range(count):
            papers.published(world, title=f"第{number}号通知")
            papers.submitted(world)
            task = given(world)
            if number % 2:
                submitted(task, world)
        assert client.get("/").status_code == 200  # what is shown first is noted first

    fill(4)
    db.session.remove()
    with counted() as few:
        client.get("/")
    fill(8)
    db.session.remove()
    with counted() as many:
        client.get("/")
    assert len(few) == len(many) <= MOST_STATEMENTS


def test_the_desk_itself_asks_at_most_16_times(app: APIFlask, world: World) -> None:
    papers.published(world)
    papers.submitted(world)
    coordination.accept(world.actor("county-clerk"), part_of(given(world), world).id)
    for who in world.people:
        actor = world.actor(who)
        if actor.agency_id is None:
            continue
        with app.test_request_context(), counted() as asked:
            seats.desk(actor, actor.agency_id)
        assert len(asked) <= 16, who


def test_somebody_without_a_seat_is_told_so(world: World, browser_of: Browser) -> None:
    with writing():
        person_id = add_person("nobody", "无岗位").id
    page = browser_of(person_id).get("/").get_data(as_text=True)
    assert "您现在没有岗位" in page


def test_whoever_is_not_signed_in_is_asked_to(client: FlaskClient) -> None:
    assert client.get("/").location == "/sign-in?next=/"


def test_no_page_of_home_breaks_in_english(world: World, browser_of: Browser) -> None:
    client = browser_of(world.people["county-clerk"])
    client.get("/language?lang=en")
    for path in ("/", "/help"):
        page = client.get(path)
        assert page.status_code == 200
        assert '<html lang="en">' in page.get_data(as_text=True)
