"""Papers of several organs (联合行文): each signs in its own seat, and any may return them.

条例 第十七条 says who may issue together, 第二十二条 that all sign (会签), 第九条 (五) that the
paper has the host's number, and 第九条 (十二) that its date is that of the last signature: so they
sign in any order, and the last signature publishes.
"""

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from agencies.actors import Actor
from agencies.permissions import require
from bulletins.inputs import DraftInput
from bulletins.models import JOINT_NAMES_LENGTH, Bulletin, JointIssuer, Remark
from bulletins.queries import joint as queries
from bulletins.queries.issuers import beside
from bulletins.services.steps import moved, record
from bulletins.states import Action, State
from config import clock
from config.database import db, found, writing
from config.errors import Invalid


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
    bulletin.host_signed_at = bulletin.host_signed_by = None
    if not bulletin.joint_names:
        return
    db.session.execute(
        update(JointIssuer)
        .where(JointIssuer.bulletin_id == bulletin.id)
        .values(signed_at=None, signed_by=None)
    )


def missing(bulletin: Bulletin) -> list[str]:
    """The organs beside the host that have not signed yet, by name."""
    if not bulletin.joint_names:
        return []
    return [one.agency.name for one in queries.beside(bulletin.id) if one.signed_at is None]


def sign_for_host(actor: Actor, bulletin: Bulletin, **facts: bool) -> None:
    """Keep the host's signature until the others have signed. Call inside ``writing()``."""
    bulletin.state = State.SUBMITTED
    bulletin.host_signed_at, bulletin.host_signed_by = clock.now(), actor.person_id
    record("bulletin.host_signed", bulletin, actor, revision=bulletin.revision, **facts)


def return_joint(actor: Actor, bulletin_id: int, remark: str) -> Bulletin:
    """Give a paper of several organs back to its host's clerk with the reason.

    Raises NotFound, Forbidden, Conflict.
    """
    with writing():
        bulletin, own = taken(actor, bulletin_id)
        bulletin.state = moved(bulletin, Action.RETURN)
        entry = record("bulletin.returned", bulletin, actor, agency=own.agency_id)
        db.session.add(Remark(entry_id=entry.id, bulletin_id=bulletin_id, text=remark))
    return bulletin


def taken(actor: Actor, bulletin_id: int) -> tuple[Bulletin, JointIssuer]:
    """A paper, locked, and the part of the actor's agency in it. Call inside ``writing()``.

    Raises NotFound, Forbidden.
    """
    bulletin = found(select(Bulletin).where(Bulletin.id == bulletin_id), lock=True)
    own = queries.own(bulletin_id, actor.agency_id)
    require(actor, "joint.sign", own)
    return bulletin, own
