"""A paper's official layout, for its issuer and its receivers."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import exists, select

from agencies.actors import Actor
from agencies.models import Agency, Lineage
from agencies.permissions import can, require
from bulletins import labels, official, paper_types
from bulletins.audience import Rule
from bulletins.models import Bulletin, BulletinVersion, Particulars
from bulletins.official import Form, Official
from bulletins.queries import attachments, inbox, joint, papers
from bulletins.queries.addressees import addressees
from bulletins.queries.issuers import issuers
from bulletins.queries.stated import stated as stated_by
from bulletins.services import receipts
from bulletins.services.addressing import stored_rules
from bulletins.services.checks import today
from bulletins.states import Part, State
from config.database import db
from config.errors import NotFound
from config.journal import Entry


def issued(actor: Actor, bulletin_id: int) -> Official:
    """A paper of the actor's own agency: as it was published last, or as it is being written.

    Whoever issues it beside its host has what lies before it to be signed, or was published.
    Raises NotFound, Forbidden.
    """
    bulletin = papers.bulletin(bulletin_id)
    if bulletin.issuer_id != actor.agency_id and bulletin.joint_names:
        return _issued_beside(actor, bulletin)
    require(actor, "bulletin.show", bulletin)
    versions = papers.versions(bulletin_id)
    return _laid_out(bulletin, versions[0] if versions else None)


def _issued_beside(actor: Actor, bulletin: Bulletin) -> Official:
    own = joint.own(bulletin.id, actor.agency_id)
    require(actor, "joint.show", own)
    text = joint.text_of(own, at_desk=can(actor, "bulletin.desk"))
    if text is None:
        raise NotFound
    return _laid_out(bulletin, text if isinstance(text, BulletinVersion) else None)


def received(actor: Actor, receipt_id: int) -> Official:
    """A paper that the actor's agency received, noted as opened. Raises NotFound, Forbidden."""
    reading = inbox.reading(receipts.open_receipt(actor, receipt_id))
    return _laid_out(reading.bulletin, reading.version)


def published(version: BulletinVersion) -> Official:
    """A version as its receivers have it."""
    return _laid_out(version.bulletin, version)


def _laid_out(bulletin: Bulletin, version: BulletinVersion | None) -> Official:
    paper, issuer, rules = version or bulletin, bulletin.issuer, stored_rules(bulletin.id)
    form = official.form_of(paper.type, paper.layout)
    is_signed = version is not None or bulletin.state == State.SIGNED
    files = (
        attachments.of_version(bulletin.id, version.version)
        if version
        else attachments.working(bulletin.id)
    )
    facts = stated_by(bulletin.id, version.version if version else 0)
    is_official = paper_types.of(paper.type).is_official
    signed_on = _day(issuer, paper.signed_at) if is_signed and paper.signed_at else None
    words = addressees(paper.type, issuers(bulletin), rules, signed_on or today())
    with force_locale("zh"):
        named, rest = official.parted(paper.html)
        to = named or words.get(Part.TO, "")
        return Official(
            form=form,
            issuer=issuer.name,
            beside=bulletin.joint_names.split("、") if bulletin.joint_names else [],
            flag=official.flag(form, issuer.name, paper.title),
            number=official.order_number(paper.number or ""),
            urgency=official.urgency(paper.urgency),
            signers=joint.signers(bulletin, version)
            if is_signed and (form == Form.ORDER or _goes_up(issuer.id, rules))
            else [],
            title=paper.title,
            to=to,
            is_to_below=form == Form.MINUTES or len(to) > official.MOST_TO,
            cc=words.get(Part.CC, ""),
            body=official.shaped(rest),
            stated=[] if is_official else _stated(facts, paper.type),
            attendance=official.attendance(facts.participants, facts.excused, facts.observers)
            if form == Form.MINUTES
            else [],
            attachments=[official.bare(one.name) for one in files],
            signed_on=official.day(signed_on) if signed_on else "",
            printed_on=_printed(issuer, version) or (official.day(signed_on) if signed_on else ""),
            post=facts.signer_post if form == Form.ORDER else "",
            note=official.note(facts.contact_name, facts.contact_phone) if is_official else "",
            mark=_mark(bulletin, version),
        )


def _stated(facts: Particulars, kind: str) -> list[tuple[str, str]]:
    return [
        (name, official.day(value) if isinstance(value, date) else value)
        for name, value in labels.particulars(facts, kind)
    ]


def _goes_up(issuer_id: int, rules: list[Rule]) -> bool:
    named = [rule.agency_id for rule in rules if rule.part == Part.TO]
    above = exists().where(
        Lineage.descendant_id == issuer_id,
        Lineage.depth > 0,
        Lineage.ancestor_id.in_(named),
    )
    return bool(db.session.scalar(select(above)))


def _day(issuer: Agency, at: datetime) -> date:
    """The day at the issuer, whoever reads it where."""
    zone = ZoneInfo(issuer.timezone) if issuer.timezone else current_app.extensions["settings"].zone
    return at.astimezone(zone).date()


def _printed(issuer: Agency, version: BulletinVersion | None) -> str:
    """The day on which a version went out: a signed paper may have waited for its time."""
    if version is None:
        return ""
    return official.day(_day(issuer, db.session.get_one(Entry, version.entry_id).at))


def _mark(bulletin: Bulletin, version: BulletinVersion | None) -> str:
    if version is None:
        return "已签发，尚未发布" if bulletin.state == State.SIGNED else "未签发，不具效力"
    if bulletin.ended_kind == State.VOID:
        return "本件已撤销，自始无效"
    if bulletin.ended_on is not None and bulletin.ended_kind:
        return f"本件自{official.day(bulletin.ended_on)}起废止"
    return "本件已更正，请看更正后的文本" if version.version < bulletin.version else ""
