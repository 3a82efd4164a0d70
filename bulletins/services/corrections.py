"""Correcting what is published (更正): written and signed like a draft, sent to all who had it."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from agencies.actors import Actor
from bulletins import correction
from bulletins.models import Bulletin, BulletinVersion
from bulletins.services import attachments, particulars, tags
from bulletins.services.closing import close_version
from bulletins.services.steps import record, take
from bulletins.states import Action
from config import clock
from config.database import db, found, writing
from config.errors import Invalid

_TEXT = ("type", "urgency", "title", "body", "needs_acknowledgement", "acknowledge_by", "layout")
_OF_VERSION = (*_TEXT, "html", "relay_within", "note")


def correct(actor: Actor, bulletin_id: int) -> Bulletin:
    """Begin a correction: the paper is a draft again, while readers keep what was published.

    Raises NotFound, Forbidden, Conflict.
    """
    with writing():
        bulletin = take(actor, bulletin_id, Action.CORRECT)
        bulletin.note = ""
        bulletin.revision += 1
        bulletin.updated_at = clock.now()
        bulletin.updated_by = actor.person_id
        record("bulletin.correction_begun", bulletin, actor)
    return bulletin


def abandon(actor: Actor, bulletin_id: int) -> Bulletin:
    """Drop a correction; what was published stays as it is.

    Raises NotFound, Forbidden, Conflict.
    """
    with writing():
        bulletin = take(actor, bulletin_id, Action.ABANDON)
        restore(bulletin)
        record("bulletin.correction_abandoned", bulletin, actor)
    return bulletin


def restore(bulletin: Bulletin) -> None:
    """Let a paper say again what its last version says. Call inside ``writing()``."""
    version = last_version(bulletin)
    for name in _OF_VERSION:
        setattr(bulletin, name, getattr(version, name))
    bulletin.signed_at, bulletin.signed_by = version.signed_at, version.signed_by
    bulletin.publish_at = None
    bulletin.revision += 1
    attachments.restore(bulletin.id, bulletin.version)
    particulars.restore(bulletin)
    tags.restore(bulletin)


def last_version(bulletin: Bulletin) -> BulletinVersion:
    """The version that was published last; raises NotFound before the first."""
    return found(
        select(BulletinVersion).where(
            BulletinVersion.bulletin_id == bulletin.id, BulletinVersion.version == bulletin.version
        )
    )


def check_correction(bulletin: Bulletin) -> None:
    """Raise Invalid for a correction that changes nothing, or doesn't say what was wrong."""
    if not bulletin.note.strip():
        raise Invalid(errors={"note": _("请写明更正说明，收文机构会看到。")})
    version = last_version(bulletin)
    same = all(getattr(bulletin, name) == getattr(version, name) for name in _TEXT)
    stated = particulars.differ(bulletin) or tags.differ(bulletin)
    if same and not stated and not attachments.differ(bulletin.id, bulletin.version):
        raise Invalid(errors={"body": _("内容与已发布的文件相同，没有需要更正的地方。")})


def resend(bulletin: Bulletin, at: datetime) -> int:
    """Give everybody who had the last version the one now signed, down the same chain.

    Call inside ``writing()``, the version counted up already. Returns how many got it.
    """
    statement = correction.resending(bulletin, at).execution_options(preserve_rowcount=True)
    sent = db.session.connection().execute(statement).rowcount
    db.session.execute(correction.rejoining(bulletin))
    close_version(bulletin.id, bulletin.version - 1, at)
    return sent
