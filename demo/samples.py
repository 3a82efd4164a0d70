"""What the demo province did in the last two weeks, through the same services as everybody."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from flask import current_app
from sqlalchemy import select

from agencies.actors import Actor, actor_for
from agencies.models import Agency, Person
from agencies.states import AgencyKind, Level
from bulletins import services as papers
from bulletins.inputs import DraftInput
from bulletins.models import Bulletin, Receipt
from bulletins.states import BulletinType, Urgency
from config import clock
from config.database import db
from config.settings import Settings
from coordination import services as tasks
from coordination.inputs import ReportInput, SendBackInput, SubmissionInput, TaskInput
from coordination.models import Assignment, Task
from demo import papers as texts
from demo.bureaus import PROVINCE

CITY, COUNTY = "130100", "130102"
BUREAUS = [AgencyKind.BUREAU]


@contextmanager
def days_ago(count: int, hour: int, minute: int = 0) -> Iterator[None]:
    """Let it be that time of the day, so many days ago, where the installation is."""
    settings: Settings = current_app.extensions["settings"]
    day = clock.today(settings.zone) - timedelta(days=count)
    moment = datetime.combine(day, time(hour, minute), settings.zone)
    with clock.shifted(moment - clock.now()):
        yield


@dataclass
class Past:
    """Tells the past in order; which agency was quick and which slow is the same each time."""

    _chance: random.Random = field(default_factory=lambda: random.Random(2018))
    _actors: dict[str, Actor] = field(default_factory=dict)

    def actor(self, username: str) -> Actor:
        """The person of that user name in their seat."""
        if username not in self._actors:
            person = db.session.scalars(select(Person).where(Person.username == username)).one()
            self._actors[username] = actor_for(person, None)
        return self._actors[username]

    def published(self, issuer: str, data: DraftInput) -> Bulletin:
        """A paper drafted, submitted and signed."""
        bulletin = papers.create_draft(self.actor(f"{issuer}-clerk"), data)
        papers.submit(self.actor(f"{issuer}-clerk"), bulletin.id)
        return papers.sign(self.actor(f"{issuer}-approver"), bulletin.id)

    def read(self, bulletin: Bulletin, opened: float, signed: float, but: str = "") -> None:
        """A share of those addressed opens a paper, a share of these acknowledges it.

        Cities do so first; the agency ``but`` hasn't looked yet.
        """
        query = (
            select(Receipt.id, Agency.code, Agency.level, Agency.kind)
            .join(Agency, Agency.id == Receipt.agency_id)
            .where(Receipt.bulletin_id == bulletin.id, Agency.code != but)
            .order_by(Receipt.id)
        )
        for receipt_id, code, level, kind in db.session.execute(query).all():
            eager = 0.25 if level == Level.CITY else 0.0
            if self._chance.random() >= opened + eager:
                continue
            seat = "clerk" if kind == AgencyKind.BUREAU else "liaison"
            reader = self.actor(f"{code.lower()}-{seat}")
            papers.mark_shown(reader, [receipt_id])
            papers.open_receipt(reader, receipt_id)
            if bulletin.needs_acknowledgement and self._chance.random() < signed + eager:
                papers.acknowledge(reader, receipt_id)

    def assignments(self, task: Task) -> dict[str, int]:
        """The assignment of each agency, by its code."""
        query = (
            select(Agency.code, Assignment.id)
            .join(Agency, Agency.id == Assignment.agency_id)
            .where(Assignment.task_id == task.id)
            .order_by(Agency.code)
        )
        return {row[0]: row[1] for row in db.session.execute(query)}


def play() -> None:
    """Write it all into the transaction in hand."""
    past = Past()
    with days_ago(13, 9, 20):
        banquets = _banquets(past)
    with days_ago(12, 10, 5):
        past.read(banquets, opened=0.72, signed=0.85)
        lifts = _lifts(past)
    with days_ago(9, 15, 40):
        cooks = _cooks(past, banquets)
        case = _for_counties(past)
    with days_ago(7, 8, 50):
        past.read(case, opened=0.35, signed=0.0, but=COUNTY)
        _answer_lifts(past, lifts)
    with days_ago(5, 16, 10):
        _spot_check(past)
        _training(past)
        _answer_cooks(past, cooks)
    with days_ago(2, 9, 30):
        _seals(past)
        _heating(past)
        _on_the_desk(past)
    with clock.shifted(-timedelta(hours=2)):
        urgent = _urgent(past)
    with clock.shifted(-timedelta(hours=1)):
        past.read(urgent, opened=0.5, signed=0.7, but=COUNTY)


def _banquets(past: Past) -> Bulletin:
    settings: Settings = current_app.extensions["settings"]
    return past.published(
        PROVINCE,
        DraftInput(
            title="关于开展农村集体聚餐食品安全专项整治的通知",
            body=texts.BANQUETS,
            type=BulletinType.NOTICE,
            needs_acknowledgement=True,
            acknowledge_by=clock.today(settings.zone) + timedelta(days=7),
            to_kinds=BUREAUS,
            cc_kinds=[AgencyKind.ASSOCIATION],
        ),
    )


def _for_counties(past: Past) -> Bulletin:
    return past.published(
        PROVINCE,
        DraftInput(
            title="一起加油机计量作弊案的查办经过与启示",
            body=texts.FUEL_CASE,
            type=BulletinType.CASE,
            to_kinds=BUREAUS,
        ),
    )


def _spot_check(past: Past) -> None:
    bulletin = past.published(
        PROVINCE,
        DraftInput(
            title="关于儿童用品质量安全监督抽查结果的通报",
            body=texts.SPOT_CHECK,
            type=BulletinType.BULLETIN,
            to_kinds=BUREAUS,
            cc_kinds=[AgencyKind.ASSOCIATION],
        ),
    )
    past.read(bulletin, opened=0.4, signed=0.0, but=COUNTY)


def _training(past: Past) -> None:
    bulletin = past.published(
        PROVINCE,
        DraftInput(
            title="关于举办企业首席质量官培训班的通知",
            body=texts.TRAINING,
            type=BulletinType.TRAINING,
            to_kinds=[AgencyKind.ENTERPRISE, AgencyKind.ASSOCIATION],
        ),
    )
    past.read(bulletin, opened=0.6, signed=0.0)


def _seals(past: Past) -> None:
    bulletin = past.published(
        PROVINCE,
        DraftInput(
            title="秦皇岛市推行外卖“食安封签”的做法",
            body=texts.SEALS,
            type=BulletinType.EXPERIENCE,
            to_kinds=BUREAUS,
        ),
    )
    past.read(bulletin, opened=0.15, signed=0.0, but=COUNTY)


def _urgent(past: Past) -> Bulletin:
    return past.published(
        CITY,
        DraftInput(
            title="关于应对大风降温天气加强特种设备安全检查的紧急通知",
            body=texts.URGENT,
            type=BulletinType.NOTICE,
            urgency=Urgency.URGENT,
            needs_acknowledgement=True,
            to_kinds=BUREAUS,
        ),
    )


def _on_the_desk(past: Past) -> None:
    """One paper waits for the approver of the province, one is being written."""
    clerk = past.actor(f"{PROVINCE}-clerk")
    waiting = papers.create_draft(
        clerk,
        DraftInput(
            title="关于做好岁末年初重点工业产品质量安全监管的通知",
            body=texts.YEAR_END,
            needs_acknowledgement=True,
            to_levels=[Level.CITY],
            to_kinds=BUREAUS,
        ),
    )
    papers.submit(clerk, waiting.id)
    papers.create_draft(
        clerk,
        DraftInput(
            title="关于征集质量提升典型案例的函",
            body=texts.LETTER,
            type=BulletinType.LETTER,
            to_levels=[Level.CITY],
            to_kinds=BUREAUS,
        ),
    )


def _lifts(past: Past) -> Task:
    return tasks.assign(
        past.actor(f"{PROVINCE}-clerk"),
        TaskInput(
            title="开展电梯维护保养单位监督抽查",
            body=texts.LIFTS,
            days=7,
            to_levels=[Level.CITY],
            to_kinds=BUREAUS,
        ),
    )


def _answer_lifts(past: Past, task: Task) -> None:
    """Of eleven cities some are done, one was asked for more, some are late."""
    issuer = past.actor(f"{PROVINCE}-clerk")
    for number, (code, assignment) in enumerate(past.assignments(task).items()):
        clerk = past.actor(f"{code}-clerk")
        if number in (7, 9):
            continue
        tasks.accept(clerk, assignment)
        if number in (0, 4):
            text = "已抽查维保单位 12 家、电梯 61 台，约谈 2 家。"
            tasks.report(clerk, assignment, ReportInput(text=text, percent=60))
            continue
        summary = SubmissionInput(
            text="已抽查维保单位 21 家、电梯 108 台，发现问题 17 个，责令改正 9 家。"
        )
        tasks.submit(clerk, assignment, summary)
        if number == 5:
            more = SendBackInput(text="请补充老旧住宅电梯安全评估进展。", days=5)
            tasks.send_back(issuer, assignment, more)
        elif number % 2:
            tasks.close(issuer, assignment)


def _cooks(past: Past, ground: Bulletin) -> Task:
    return tasks.assign(
        past.actor(f"{CITY}-clerk"),
        TaskInput(
            title="建立农村流动厨师台账",
            body=texts.COOKS,
            bulletin_id=ground.id,
            days=4,
            to_levels=[Level.COUNTY],
            to_kinds=BUREAUS,
        ),
    )


def _answer_cooks(past: Past, task: Task) -> None:
    """Half of the counties have handed in; the first one has not answered and is late."""
    for number, (code, assignment) in enumerate(past.assignments(task).items()):
        if code == COUNTY or number % 4 == 3:
            continue
        clerk = past.actor(f"{code}-clerk")
        tasks.accept(clerk, assignment)
        if number % 2:
            summary = SubmissionInput(
                text="已登记流动厨师 46 人，均持有效健康证明；困难：季节性流动大。"
            )
            tasks.submit(clerk, assignment, summary)


def _heating(past: Past) -> None:
    tasks.assign(
        past.actor(f"{CITY}-clerk"),
        TaskInput(
            title="核对在用承压锅炉登记和检验情况",
            body=texts.HEATING,
            days=10,
            to_levels=[Level.COUNTY],
            to_kinds=BUREAUS,
        ),
    )
