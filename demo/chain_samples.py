"""A paper relayed down, with a city where it is stuck; what is asked, corrected, void, selected."""

import io

from sqlalchemy import select

from agencies.models import Agency
from agencies.states import Level
from bulletins import services as papers
from bulletins.decisions import VoidInput
from bulletins.inputs import DraftInput, RelayInput
from bulletins.library.inputs import OfferInput, SelectInput
from bulletins.models import Bulletin, Receipt
from bulletins.questions.inputs import AnswerInput, QuestionInput
from bulletins.services import library, questions
from bulletins.states import BulletinType
from config.database import db
from demo import chain_texts as texts
from demo.bureaus import PROVINCE
from demo.past import BUREAUS, CITY, COUNTY, Past

STUCK = "130200"
"""The city that has read the paper and not relayed it."""


def charging(past: Past) -> Bulletin:
    """Addressed to the cities, which are to relay it within ten working days."""
    return past.published(
        PROVINCE,
        DraftInput(
            title="关于开展电动自行车充电设施质量安全隐患排查的通知",
            body=texts.CHARGING,
            type=BulletinType.NOTICE,
            needs_acknowledgement=True,
            relay_within=10,
            to_levels=[Level.CITY],
            to_kinds=BUREAUS,
        ),
    )


def receive(past: Past, paper: Bulletin) -> None:
    """All cities read and acknowledge it."""
    for receipt_id, code in _receipts(paper):
        clerk = past.actor(f"{code}-clerk")
        papers.open_receipt(clerk, receipt_id)
        papers.acknowledge(clerk, receipt_id)


def relay(past: Past, paper: Bulletin) -> None:
    """All but one relay it."""
    for receipt_id, code in _receipts(paper):
        if code != STUCK:
            clerk = past.actor(f"{code}-clerk")
            data = RelayInput(note=texts.CHARGING_NOTE, to_all=True)
            relay = papers.save_relay(clerk, receipt_id, data)
            papers.submit_relay(clerk, relay.id)
            papers.sign_relay(past.actor(f"{code}-approver"), relay.id)


def _receipts(paper: Bulletin) -> list[tuple[int, str]]:
    query = (
        select(Receipt.id, Agency.code)
        .join(Agency, Agency.id == Receipt.agency_id)
        .where(Receipt.bulletin_id == paper.id)
        .order_by(Agency.code)
    )
    return [(receipt_id, code) for receipt_id, code in db.session.execute(query)]


def ask(past: Past, paper: Bulletin) -> None:
    """A question for all to see, a remark, and one more that waits."""
    county = past.actor(f"{COUNTY}-clerk")
    asked = questions.ask(county, paper.id, QuestionInput(text=texts.QUESTION, for_all=True))
    answer = AnswerInput(questions=[asked.id], text=texts.ANSWER, for_all=True, is_official=True)
    questions.answer(past.actor(f"{PROVINCE}-approver"), paper.id, answer)
    remark = QuestionInput.model_validate({"kind": "remark", "text": texts.REMARK})
    city = past.actor(f"{CITY}-clerk")
    noted = questions.ask(city, paper.id, remark)
    questions.note(past.actor(f"{PROVINCE}-clerk"), noted.id)
    questions.ask(city, paper.id, QuestionInput(text=texts.WAITS, for_all=True))


def warehouse(past: Past) -> Bulletin:
    """A city's experience, offered to the province and selected into the library."""
    paper = past.published(
        CITY,
        DraftInput(
            title="“阳光仓库”让冷链食品可追溯的做法",
            body=texts.WAREHOUSE,
            type=BulletinType.EXPERIENCE,
            topics=["food"],
            to_kinds=BUREAUS,
        ),
    )
    province = past.actor(f"{PROVINCE}-approver")
    assert province.agency_id is not None
    offer = OfferInput(to=province.agency_id, reason="已在三个园区推行半年。")
    library.offer(past.actor(f"{CITY}-clerk"), paper.id, offer)
    library.choose(province, paper.id, SelectInput(note="做法简便，县级也能推行。"))
    library.mark_useful(past.actor(f"{COUNTY}-clerk"), paper.id, useful=True)
    return paper


def catalogue(past: Past) -> None:
    """A paper whose day was wrong, corrected."""
    clerk = past.actor(f"{PROVINCE}-clerk")
    paper = past.published(PROVINCE, _catalogue("本月二十日"))
    begun = papers.correct(clerk, paper.id)
    right = _catalogue("本月三十日").model_copy(update={"note": texts.CATALOGUE_NOTE})
    papers.save_draft(clerk, paper.id, begun.revision, right)
    papers.submit(clerk, paper.id)
    papers.sign(past.actor(f"{PROVINCE}-approver"), paper.id)


def _catalogue(day: str) -> DraftInput:
    return DraftInput(
        title="关于征求重点工业产品质量安全监管目录修改建议的通知",
        body=texts.CATALOGUE.format(day=day),
        to_kinds=BUREAUS,
    )


def void_form(past: Past) -> None:
    """A paper that asked for what is reported already, and is void."""
    form = DraftInput(
        title="关于按月报送检验检测机构人员变动情况的通知",
        body=texts.FORM,
        to_levels=[Level.CITY],
        to_kinds=BUREAUS,
    )
    paper = past.published(PROVINCE, form)
    approver = past.actor(f"{PROVINCE}-approver")
    papers.void(approver, paper.id, VoidInput(reason=texts.FORM_REASON))


def with_sheet(past: Past) -> None:
    """A paper with an attachment; not inside ``writing()``, for a file is looked at before."""
    clerk = past.actor(f"{PROVINCE}-clerk")
    given = DraftInput(
        title="关于印发电梯维护保养质量检查表的通知",
        body=texts.SHEETS,
        to_kinds=BUREAUS,
    )
    paper = papers.create_draft(clerk, given)
    sheet = io.BytesIO(texts.SHEET.encode())
    papers.attach(clerk, paper.id, "电梯维护保养质量检查表.txt", sheet)
    papers.submit(clerk, paper.id)
    papers.sign(past.actor(f"{PROVINCE}-approver"), paper.id)
