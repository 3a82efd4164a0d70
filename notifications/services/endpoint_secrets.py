"""Changing the secret of a webhook while the earlier one still signs, so that no call is lost."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, delete, func, select

from agencies.actors import Actor
from config import clock
from config.database import db, writing
from config.errors import Conflict
from notifications.hooks import sealing
from notifications.hooks.models import EndpointSecret
from notifications.hooks.signing import new_secret
from notifications.hooks.states import OLD_SIGNS, EndpointKind
from notifications.services.endpoints import keep, own

MOST_OLD = 5


def rotate(actor: Actor, endpoint_id: int) -> tuple[str, datetime]:
    """Give a webhook a new secret; those before sign beside it for 24 hours.

    Returns the new one, which is told this once, and until when the one before it signs. Raises
    NotFound, and Conflict for a robot or after too many changes.
    """
    secret, until = new_secret(), clock.now() + OLD_SIGNS
    with writing():
        endpoint = own(actor, endpoint_id)
        if EndpointKind(endpoint.kind).is_robot:
            raise Conflict(
                _("机器人的密钥由群软件生成，不能在这里更换。"),
                hint=_("请在群设置里换好，再重新登记，最后删除这一个。"),
            )
        if _signing(endpoint.id) >= MOST_OLD:
            raise Conflict(
                _("24 小时内更换得太多了。"), hint=_("请等旧密钥失效，或者先让旧密钥立即失效。")
            )
        forget_expired()
        db.session.add(EndpointSecret(endpoint_id=endpoint.id, secret=endpoint.secret, until=until))
        endpoint.secret = sealing.seal(secret)
        keep(actor, endpoint, "endpoint.rotated")
    return secret, until


def retire_old(actor: Actor, endpoint_id: int) -> None:
    """Let no earlier secret sign any more: one was stolen, or all have the new one.

    Raises NotFound, Conflict.
    """
    with writing():
        endpoint = own(actor, endpoint_id)
        if not _signing(endpoint.id):
            raise Conflict(_("没有仍在使用的旧密钥。"))
        _forget(EndpointSecret.endpoint_id == endpoint.id)
        keep(actor, endpoint, "endpoint.old_retired")


def _signing(endpoint_id: int) -> int:
    mine = EndpointSecret.endpoint_id == endpoint_id
    query = select(func.count()).where(mine, EndpointSecret.until > clock.now())
    return db.session.scalar(query) or 0


def forget_expired() -> None:
    """Remove the secrets that sign no more. Call inside ``writing()``."""
    _forget(EndpointSecret.until <= clock.now())


def _forget(which: ColumnElement[bool]) -> None:
    db.session.execute(
        delete(EndpointSecret).where(which).execution_options(synchronize_session=False)
    )
