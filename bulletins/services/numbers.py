"""Document numbers (发文字号): gapless by code and year, and the codes that an agency keeps."""

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from agencies.actors import Actor
from agencies.permissions import require
from bulletins import labels
from bulletins.inputs import OrganCodeInput
from bulletins.models import Bulletin, DocumentNumber, OrganCode
from bulletins.services.checks import today
from config import clock, journal
from config.database import advisory_lock, db, found, writing
from config.errors import Conflict, Invalid, NotFound

_CODES_LOCK = 7_246_031
_TAKEN = "number.taken"


def give(actor: Actor, bulletin: Bulletin) -> None:
    """Give a paper the next number under its code. Call inside ``writing()``, as late as can be:
    whoever signs under the same code waits from here on until this transaction ends.

    The register has neither gaps nor doubles: the code's row is locked, and a number lives and
    dies with the transaction that took it. A paper that was signed before under the same code and
    in the same year keeps its number; that of an order runs on over the years. Raises Invalid where
    the code is no longer in use.
    """
    if bulletin.organ_code_id is None and bulletin.number is None:
        return
    year = today().year
    held = _held(bulletin.id)
    if held and held.organ_code_id == bulletin.organ_code_id and _lasts(held, year):
        return
    if held:
        void(actor, held, _("改为另行编号"))
        bulletin.number = None
    if bulletin.organ_code_id is None:
        return
    code = found(select(OrganCode).where(OrganCode.id == bulletin.organ_code_id), lock=True)
    if code.ended_at is not None or code.agency_id != bulletin.issuer_id:
        raise _not_in_use()
    line = DocumentNumber(
        organ_code_id=code.id,
        year=year,
        number=_last(code, year) + 1,
        bulletin_id=bulletin.id,
        taken_at=clock.now(),
        taken_by=bulletin.signed_by or actor.person_id,
    )
    db.session.add(line)
    db.session.flush()
    bulletin.number = labels.number(code.code, year, line.number, is_of_orders=code.is_of_orders)
    _record(actor, _TAKEN, line, code.agency_id)


def _lasts(held: DocumentNumber, year: int) -> bool:
    return held.year == year or held.organ_code.is_of_orders


def _held(bulletin_id: int) -> DocumentNumber | None:
    """The number that a paper has now."""
    return db.session.scalar(
        select(DocumentNumber).where(
            DocumentNumber.bulletin_id == bulletin_id, DocumentNumber.voided_at.is_(None)
        )
    )


def _last(code: OrganCode, year: int) -> int:
    numbers = select(func.max(DocumentNumber.number)).where(DocumentNumber.organ_code_id == code.id)
    if not code.is_of_orders:
        numbers = numbers.where(DocumentNumber.year == year)
    last = db.session.scalar(numbers) or 0
    return max(last, code.used_before) if code.is_of_orders or year == code.used_year else last


def release(actor: Actor, bulletin: Bulletin, reason: str) -> None:
    """Void the number of a paper that will not be issued. Call inside ``writing()``."""
    held = _held(bulletin.id)
    if held:
        void(actor, held, reason)
        bulletin.number = None


def void(actor: Actor, line: DocumentNumber, reason: str) -> None:
    """Void a number for good, with the reason that its register keeps."""
    line.voided_at = clock.now()
    line.voided_by = actor.person_id
    line.void_reason = reason
    code = db.session.get_one(OrganCode, line.organ_code_id)
    _record(actor, "number.voided", line, code.agency_id)


def _record(actor: Actor, kind: str, line: DocumentNumber, agency_id: int | None) -> None:
    journal.record(
        kind,
        subject=("document_number", line.id),
        agency_id=agency_id,
        by=actor,
        bulletin=line.bulletin_id,
        code=line.organ_code_id,
        year=line.year,
        number=line.number,
    )


def check_code(issuer_id: int, organ_code_id: int | None) -> None:
    """Raise Invalid, at its field, for a code that is not the issuer's, or no longer in use."""
    if organ_code_id is None:
        return
    code = db.session.get(OrganCode, organ_code_id)
    if code is None or code.agency_id != issuer_id or code.ended_at is not None:
        raise _not_in_use()


def _not_in_use() -> Invalid:
    return Invalid(errors={"organ_code_id": _("这个机关代字不在使用中，请另选一个。")})


def add_code(actor: Actor, data: OrganCodeInput) -> OrganCode:
    """Put a code into use for the actor's agency, or back into use; its first is the default.

    Raises Forbidden, and Invalid where it is in use already, here or elsewhere.
    """
    require(actor, "number.keep")
    agency_id = actor.agency_id
    if agency_id is None:
        raise NotFound
    with writing():
        advisory_lock(_CODES_LOCK)
        code = db.session.scalar(select(OrganCode).where(OrganCode.code == data.code))
        if code is not None and (code.agency_id != agency_id or code.ended_at is None):
            raise Invalid(errors={"code": _("这个机关代字已在使用中，请核对。")})
        if code is None:
            code = OrganCode(
                agency_id=agency_id,
                code=data.code,
                is_of_orders=data.is_of_orders,
                created_at=clock.now(),
                created_by=actor.person_id,
                used_year=today().year,
                used_before=data.used_before,
            )
            db.session.add(code)
        code.ended_at = None
        code.is_default = not code.is_of_orders and not _has_default(agency_id)
        db.session.flush()
        _record_code(actor, "organ_code.added", code)
    return code


def _has_default(agency_id: int) -> bool:
    mine = (OrganCode.agency_id == agency_id) & OrganCode.is_default
    return bool(db.session.scalar(select(func.count(OrganCode.id)).where(mine)))


def choose_default(actor: Actor, organ_code_id: int) -> OrganCode:
    """Offer a code first for new papers. Raises NotFound, Forbidden, Conflict."""
    with writing():
        code = _kept(actor, organ_code_id)
        if code.ended_at is not None:
            raise Conflict(_("这个机关代字已停用。"), hint=_("请先恢复使用。"))
        if code.is_of_orders:
            raise Conflict(_("令号只用于命令，不能设为默认。"))
        mine = update(OrganCode).where(OrganCode.agency_id == code.agency_id)
        db.session.execute(mine.values(is_default=False))
        code.is_default = True
        _record_code(actor, "organ_code.chosen", code)
    return code


def end_code(actor: Actor, organ_code_id: int) -> OrganCode:
    """Take a code out of use; its registers stay. Raises NotFound, Forbidden."""
    with writing():
        code = _kept(actor, organ_code_id)
        if code.ended_at is None:
            code.ended_at = clock.now()
            code.is_default = False
            _record_code(actor, "organ_code.ended", code)
    return code


def _kept(actor: Actor, organ_code_id: int) -> OrganCode:
    advisory_lock(_CODES_LOCK)
    code = found(select(OrganCode).where(OrganCode.id == organ_code_id), lock=True)
    require(actor, "number.keep", code)
    return code


def _record_code(actor: Actor, kind: str, code: OrganCode) -> None:
    journal.record(kind, subject=("organ_code", code.id), agency_id=code.agency_id, by=actor)
