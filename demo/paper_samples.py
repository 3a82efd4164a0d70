"""The papers of the demo province's last two weeks."""

from datetime import timedelta

from agencies.states import AgencyKind, Level
from bulletins import services as papers
from bulletins.inputs import DraftInput
from bulletins.models import Bulletin
from bulletins.states import BulletinType, Urgency
from demo import texts
from demo.bureaus import PROVINCE
from demo.past import BUREAUS, CITY, COUNTY, Past, today


def banquets(past: Past) -> Bulletin:
    return past.published(
        PROVINCE,
        DraftInput(
            title="关于开展农村集体聚餐食品安全专项整治的通知",
            body=texts.BANQUETS,
            type=BulletinType.NOTICE,
            needs_acknowledgement=True,
            acknowledge_by=today() + timedelta(days=7),
            to_kinds=BUREAUS,
            cc_kinds=[AgencyKind.ASSOCIATION],
        ),
    )


def fuel_case(past: Past) -> Bulletin:
    return past.published(
        PROVINCE,
        DraftInput(
            title="一起加油机计量作弊案的查办经过与启示",
            body=texts.FUEL_CASE,
            type=BulletinType.CASE,
            topics=["metrology"],
            for_followers=True,
            to_kinds=BUREAUS,
        ),
    )


def spot_check(past: Past) -> None:
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


def training(past: Past) -> None:
    bulletin = past.published(
        PROVINCE,
        DraftInput(
            title="关于举办企业首席质量官培训班的通知",
            body=texts.TRAINING,
            type=BulletinType.TRAINING,
            held_on=today() + timedelta(days=25),
            held_until=today() + timedelta(days=26),
            place="省质量和标准化研究院一层报告厅",
            participants="规模以上生产企业质量负责人，每家一人",
            enrol_by=today() + timedelta(days=15),
            to_kinds=[AgencyKind.ENTERPRISE, AgencyKind.ASSOCIATION],
        ),
    )
    past.read(bulletin, opened=0.6, signed=0.0)


def seals(past: Past) -> None:
    bulletin = past.published(
        PROVINCE,
        DraftInput(
            title="秦皇岛市推行外卖“食安封签”的做法",
            body=texts.SEALS,
            type=BulletinType.EXPERIENCE,
            topics=["food"],
            for_followers=True,
            to_kinds=BUREAUS,
        ),
    )
    past.read(bulletin, opened=0.15, signed=0.0, but=COUNTY)


def urgent(past: Past) -> Bulletin:
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


def on_the_desk(past: Past) -> None:
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
            title="关于征集质量提升典型案例的通知",
            body=texts.LETTER,
            to_levels=[Level.CITY],
            to_kinds=BUREAUS,
        ),
    )
