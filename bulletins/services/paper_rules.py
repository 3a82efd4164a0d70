"""A paper against the rules of its type, when it is submitted and again when it is signed."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from agencies import queries as agencies
from agencies.models import Agency
from bulletins import asking, audience, labels, paper_types
from bulletins.audience import ORGANS, Rule
from bulletins.models import Bulletin, OrganCode, Particulars
from bulletins.paper_types import Addressed, Fault, PaperType, Particular, Relation
from bulletins.queries.issuers import issuers
from bulletins.queries.stated import stated as stated_by
from bulletins.queries.tags import of_version
from bulletins.services.checks import today
from bulletins.services.particulars import check_answer
from bulletins.states import BulletinType, Layout, Part, TagKind
from config.database import db
from config.errors import Invalid

Errors = dict[str, str]


def check_type(bulletin: Bulletin, rules: Sequence[Rule]) -> None:
    """Raise Invalid, at its fields, for all that the paper's type does not allow.

    That is whom it addresses (条例 第十四条 to 第十七条), what it must state, and its words. A
    correction goes to those who had the paper, so only the other two are looked at.
    """
    kind = paper_types.of(bulletin.type)
    stated = stated_by(bulletin.id, 0)
    errors: Errors = {
        **({} if bulletin.version else _of_addressees(bulletin, rules)),
        **({} if bulletin.version else _of_number(bulletin)),
        **_of_words(bulletin, kind),
        **_of_particulars(bulletin, kind, stated),
    }
    if not errors and not bulletin.version:
        errors = _of_levels(bulletin, kind, rules) | _of_answer(bulletin, stated, rules)
    if errors:
        raise Invalid(errors=errors)


def _of_addressees(bulletin: Bulletin, rules: Sequence[Rule]) -> Errors:
    issuer = agencies.agency(bulletin.issuer_id)
    is_organ = issuer.kind in ORGANS
    kind, ids = paper_types.of(bulletin.type), issuers(bulletin)
    rows = db.session.execute(
        audience.relations(ids, audience.expanded(rules, ids), today(), bulletin.type)
    )
    reached = [
        Addressed(
            Part(part), paper_types.Relation(relation), is_organ and bool(organ), number, bool(hall)
        )
        for part, relation, organ, hall, number in rows
    ]
    if kind.by and issuer.kind not in kind.by:
        return {"type": _not_ours()}
    if kind.is_single and not any(one.part == Part.TO for one in reached):
        return {"to_agencies": _("请选择主送机关。")}
    words = _fault_words(labels.kind(bulletin.type))
    errors: Errors = {}
    for fault in paper_types.faults(bulletin.type, reached):
        field = "cc_agencies" if fault == Fault.COPIED_DOWN else "to_agencies"
        errors.setdefault(field, words[fault])
    is_upward = any((one.part, one.relation) == (Part.TO, Relation.UP) for one in reached)
    if is_upward and bulletin.layout == Layout.LETTER:
        errors["layout"] = _("上行文须标注签发人，请用文件格式。")
    return errors


def _not_ours() -> str:
    return _(
        "议案由人民政府向同级人大或其常委会提出，本机构不能提出。"
        "请改用请示报本级人民政府，或改用函。"
    )


def _fault_words(kind: str) -> Mapping[Fault, str]:
    return {
        Fault.UPWARD: _(
            "“%(type)s”不能主送上级机关。向上级行文请用请示、报告或意见；只需上级知晓的，"
            "可以抄送直接上级。",
            type=kind,
        ),
        Fault.DOWNWARD: _(
            "“%(type)s”不能主送下级机构。向下级行文请用通知、通报、意见等。", type=kind
        ),
        Fault.BESIDE: _("“%(type)s”不能主送同级机关。与同级机关往来请用函。", type=kind),
        Fault.IN_LINE: _(
            "函用于不相隶属机关之间。对下级机关请用通知、意见，对上级机关请用请示、报告。"
        ),
        Fault.NO_CONGRESS: _(
            "议案只提请同级人大或其常委会审议。对上级机关请用请示，对不相隶属机关请用函。"
        ),
        Fault.SEVERAL: _("“%(type)s”只能主送一个机关，其他机关请改为抄送。", type=kind),
        Fault.COPIED_DOWN: _("向上级机关行文，不抄送下级机关。"),
    }


def _of_number(bulletin: Bulletin) -> Errors:
    """GB/T 9704-2012, 10.2: an order has a number of orders (令号), which nothing else has."""
    code = bulletin.organ_code_id and db.session.get(OrganCode, bulletin.organ_code_id)
    if not code or code.is_of_orders == (bulletin.type == BulletinType.ORDER):
        return {}
    if code.is_of_orders:
        return {"organ_code_id": _("令号只用于命令，请另选机关代字。")}
    return {
        "organ_code_id": _("命令编令号：请选令号，或不编号。令号由签发岗位在“发文登记”里启用。")
    }


def _of_words(bulletin: Bulletin, kind: PaperType) -> Errors:
    word = paper_types.other_word(bulletin.type, bulletin.title)
    if word:
        return {
            "title": _(
                "标题以“%(word)s”结尾，类型却是“%(type)s”。请改标题，或改类型。",
                word=word,
                type=labels.kind(bulletin.type),
            )
        }
    matter = asking.several_matters(bulletin.title) if kind.has_one_matter else None
    if matter:
        return {
            "title": _(
                "请示应当一文一事，标题中的“%(words)s”说明不止一件事。请分别请示。", words=matter
            )
        }
    asked = asking.asked(bulletin.body) if kind.asks_nothing else None
    if asked and asked[1]:
        return {
            "body": _(
                "“%(type)s”中不得夹带请示事项：文中有“%(words)s”。请删去，另用请示行文。",
                type=labels.kind(bulletin.type),
                words=asked[0],
            )
        }
    return {}


def _of_particulars(bulletin: Bulletin, kind: PaperType, stated: Particulars) -> Errors:
    missing = [name for name in kind.needs if not getattr(stated, name)]
    errors: Errors = {
        name: _(
            "“%(type)s”须写明%(what)s。",
            type=labels.kind(bulletin.type),
            what=labels.particular(bulletin.type, name),
        )
        for name in missing
    }
    if kind.needs_topic and not _has_topic(bulletin):
        errors["topics"] = _("“%(type)s”须至少选择一个主题。", type=labels.kind(bulletin.type))
    return _of_days(bulletin, stated) | errors


def _has_topic(bulletin: Bulletin) -> bool:
    return any(tag.kind == TagKind.TOPIC for tag in of_version(bulletin.id, 0))


def _of_days(bulletin: Bulletin, stated: Particulars) -> Errors:
    """Days against each other and, for what is not published yet, against today."""
    errors: Errors = {}
    began, ended, enrol = stated.held_on, stated.held_until, stated.enrol_by
    if began and ended and ended < began:
        errors[Particular.HELD_UNTIL] = _("结束日期不能早于开始日期。")
    if began and enrol and enrol > began:
        errors[Particular.ENROL_BY] = _("报名截止日期不能晚于培训开始日期。")
    if bulletin.type == BulletinType.MINUTES and began and began > today():
        errors[Particular.HELD_ON] = _("纪要记录已经开过的会，会议日期不能晚于今天。")
    if enrol and enrol < today() and not bulletin.version:
        errors[Particular.ENROL_BY] = _("报名截止日期已过，请改到今天或以后。")
    return errors


def _reached(bulletin: Bulletin, rules: Sequence[Rule], wanted: Sequence[int]) -> dict[int, Part]:
    """In which part these agencies get the paper, those of them that do."""
    ids = issuers(bulletin)
    everybody = audience.recipients(
        ids, audience.expanded(rules, ids), today(), bulletin.type
    ).subquery()
    rows = db.session.execute(
        select(everybody.c.agency_id, everybody.c.part).where(everybody.c.agency_id.in_(wanted))
    )
    return {agency_id: Part(part) for agency_id, part in rows}


def _of_levels(bulletin: Bulletin, kind: PaperType, rules: Sequence[Rule]) -> Errors:
    """第十四条: who goes over a level copies the agency passed over."""
    if not kind.is_wide:
        return {}
    uppers = agencies.upper_agencies(bulletin.issuer_id)
    parts = _reached(bulletin, rules, [one.id for one in uppers])
    highest = max((at for at, one in enumerate(uppers) if parts.get(one.id) == Part.TO), default=0)
    passed = [one.name for one in uppers[:highest] if one.id not in parts and _lives(one)]
    if not passed:
        return {}
    return {
        "cc_agencies": _(
            "越级行文应当同时抄送被越过的机关，请在抄送中勾选：%(names)s。",
            names="、".join(passed),
        )
    }


def _lives(agency: Agency) -> bool:
    return agency.ended_on is None or agency.ended_on > today()


def _of_answer(bulletin: Bulletin, stated: Particulars, rules: Sequence[Rule]) -> Errors:
    """第八条 (十二): a 批复 answers a 请示, and so it goes to who asked."""
    if stated.refers_to_id is None:
        return {}
    try:
        check_answer(bulletin.issuer_id, BulletinType(bulletin.type), stated.refers_to_id)
    except Invalid as error:
        return {name: str(words) for name, words in error.errors.items()}
    if bulletin.type != BulletinType.REPLY:
        return {}
    asked = db.session.get_one(Bulletin, stated.refers_to_id)
    if _reached(bulletin, rules, [asked.issuer_id]).get(asked.issuer_id) != Part.TO:
        name = agencies.agency(asked.issuer_id).name
        return {"to_agencies": _("批复应当主送请示的机关：%(name)s。", name=name)}
    return {}
