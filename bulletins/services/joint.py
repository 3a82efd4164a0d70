"""Papers of several organs (联合行文): each signs in its own seat, and any may return them.

条例 第十七条 says who may issue together, 第二十二条 that all sign (会签), 第九条 (五) that the
paper has the host's number, and 第九条 (十二) that its date is that of the last signature: so the
host's approver signs when the others have.
"""

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from agencies.actors import Actor
from agencies.permissions import require
from bulletins import labels
from bulletins.inputs import DraftInput
from bulletins.models import JOINT_NAMES_LENGTH, Bulletin, JointIssuer, Remark
from bulletins.queries import joint as queries
from bulletins.queries.issuers import beside
from bulletins.services.steps import moved, record
from bulletins.states import Action, State
from config import clock
from config.database import db, found, writing
from config.errors import Conflict, Invalid


def keep(bulletin: Bulletin, data: DraftInput) -> None:
    """Name those who issue a draft beside its host, in this order. Call inside ``writing()``.

    Raises Invalid for an agency that is no bureau of the host's level.
    """
    wanted = list(dict.fromkeys(data.joint_agencies))
    if wanted == beside(bulletin.id):
        return
    names = queries.may_join(bulletin.issuer_id, wanted)
    if len(names) != len(wanted):
        raise Invalid(errors={"joint_agencies": _("联合行文的机关须与本机关同级，请重新选择。")})
    joined = "、".join(names[one] for one in wanted)
    if len(joined) > JOINT_NAMES_LENGTH:
        raise Invalid(errors={"joint_agencies": _("联合行文的机关过多，请减少。")})
    db.session.execute(delete(JointIssuer).where(JointIssuer.bulletin_id == bulletin.id))
    for place, agency_id in enumerate(wanted, start=1):
        db.session.add(JointIssuer(bulletin_id=bulletin.id, agency_id=agency_id, place=place))
    bulletin.joint_names = joined


def holds(bulletin_id: int, data: DraftInput) -> bool:
    """Whether the draft names these already."""
    return beside(bulletin_id) == list(dict.fromkeys(data.joint_agencies))


def ask(bulletin: Bulletin) -> None:
    """Ask all for their signature under the text now submitted. Call inside ``writing()``."""
    if not bulletin.joint_names:
        return
    db.session.execute(
        update(JointIssuer)
        .where(JointIssuer.bulletin_id == bulletin.id)
        .values(signed_at=None, signed_by=None)
    )


def check_signed(bulletin: Bulletin) -> None:
    """Raise Conflict while one of them has not signed."""
    if not bulletin.joint_names:
        return
    missing = [one.agency.name for one in queries.beside(bulletin.id) if one.signed_at is None]
    if missing:
        raise Conflict(
            _("还有机关没有会签：%(names)s。", names="、".join(missing)),
            hint=_("联合行文须各机关都会签以后，由主办机关签发。"),
        )


def cosign(actor: Actor, bulletin_id: int, revision: int | None = None) -> JointIssuer:
    """Sign a paper of several organs for the actor's own; the first signature stands.

    ``revision`` is the one the approver has read; Conflict where the paper was changed since.
    Raises NotFound, Forbidden, Conflict.
    """
    with writing():
        bulletin, own = _taken(actor, bulletin_id)
        if bulletin.state != State.SUBMITTED:
            raise Conflict(
                _("此稿现在是“%(state)s”，不能会签。", state=labels.state(bulletin.state))
            )
        if revision is not None and bulletin.revision != revision:
            raise Conflict(_("此稿在您阅读期间已被修改。"), hint=_("请重新阅读后再签发。"))
        if own.signed_at is None:
            own.signed_at, own.signed_by = clock.now(), actor.person_id
            record("bulletin.cosigned", bulletin, actor, agency=own.agency_id)
    return own


def return_joint(actor: Actor, bulletin_id: int, remark: str) -> Bulletin:
    """Give a paper of several organs back to its host's clerk with the reason.

    Raises NotFound, Forbidden, Conflict.
    """
    with writing():
        bulletin, own = _taken(actor, bulletin_id)
        bulletin.state = moved(bulletin, Action.RETURN)
        entry = record("bulletin.returned", bulletin, actor, agency=own.agency_id)
        db.session.add(Remark(entry_id=entry.id, bulletin_id=bulletin_id, text=remark))
    return bulletin


def _taken(actor: Actor, bulletin_id: int) -> tuple[Bulletin, JointIssuer]:
    bulletin = found(select(Bulletin).where(Bulletin.id == bulletin_id), lock=True)
    own = queries.own(bulletin_id, actor.agency_id)
    require(actor, "joint.sign", own)
    return bulletin, own
