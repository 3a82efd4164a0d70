"""Signing a paper of several organs for one beside the host; the last signature publishes it."""

from flask_babel import gettext as _

from agencies.actors import Actor
from bulletins import labels
from bulletins.models import Bulletin, JointIssuer
from bulletins.services.joint import missing, taken
from bulletins.services.publishing import settle
from bulletins.services.steps import moved, record
from bulletins.states import Action, State
from config import clock
from config.database import db, writing
from config.errors import Conflict, Invalid


def cosign(actor: Actor, bulletin_id: int, revision: int | None = None) -> JointIssuer:
    """Sign a paper of several organs for the actor's own; the first signature stands.

    Where all others have signed, its host too, it is published, or will be at its time.
    ``revision`` is the one the approver has read; Conflict where the paper was changed since or
    can't be published any more. Raises NotFound, Forbidden, Conflict.
    """
    with writing():
        bulletin, own = taken(actor, bulletin_id)
        if bulletin.state != State.SUBMITTED:
            raise Conflict(
                _("此稿现在是“%(state)s”，不能会签。", state=labels.state(bulletin.state))
            )
        if revision is not None and bulletin.revision != revision:
            raise Conflict(_("此稿在您阅读期间已被修改。"), hint=_("请重新阅读后再签发。"))
        if own.signed_at is None:
            own.signed_at, own.signed_by = clock.now(), actor.person_id
            db.session.flush()
            record("bulletin.cosigned", bulletin, actor, agency=own.agency_id)
            _publish_if_last(actor, bulletin, own)
    return own


def _publish_if_last(actor: Actor, bulletin: Bulletin, own: JointIssuer) -> None:
    if bulletin.host_signed_by is None or missing(bulletin):
        return
    if bulletin.publish_at is not None and bulletin.publish_at <= clock.now():
        bulletin.publish_at = None  # its time came while signatures were missing
    bulletin.state = moved(bulletin, Action.SIGN)
    try:
        settle(bulletin, actor, bulletin.host_signed_by, agency=own.agency_id)
    except Invalid as error:
        why = "".join(str(text) for text in error.errors.values()) or str(error.message)
        raise Conflict(
            _("此稿现在不能发布：%(why)s", why=why), hint=_("请退回主办机关修改后重新送签。")
        ) from error
