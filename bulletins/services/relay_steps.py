"""A step of a relay: the paper and the relay held, and the state moved on."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import bindparam, select
from sqlalchemy.orm import contains_eager, defer

from agencies.actors import Actor
from agencies.models import Agency
from agencies.permissions import require
from bulletins import labels
from bulletins.audience import Rule
from bulletins.models import Bulletin, BulletinVersion, Receipt, Relay
from bulletins.permissions import relay_action
from bulletins.queries import relays as queries
from bulletins.states import Action, RuleKind, State, relay_after
from config.database import db
from config.errors import Conflict, Invalid, NotFound

_HELD = (
    select(Relay)
    .select_from(Bulletin)  # rows are held in this order
    .join(Relay, Relay.bulletin_id == Bulletin.id)
    .where(Relay.id == bindparam("relay_id"))
    .options(contains_eager(Relay.bulletin).options(defer(Bulletin.body), defer(Bulletin.html)))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)


class StaleRelay(Conflict):
    """Somebody else saved the relay since it was opened; nothing was overwritten."""

    code = "stale"
    message = _l("此转发稿在您编辑期间已被他人修改，您的文字没有覆盖它。")
    hint = _l("请返回打开现稿，对照后再改。")


class NotInForce(Conflict):
    """What is to be relayed is not in force in the version for which the relay was written."""

    code = "not_in_force"
    message = _l("此件已更正、废止或撤销，不能按这一版转发。")
    hint = _l("请到收文中打开现行的一版。")


def take_relay(actor: Actor, relay_id: int, action: Action) -> Relay:
    """The relay, held and moved on by ``action``. Call inside ``writing()``.

    Raises what ``hold_relay`` does.
    """
    relay, state = hold_relay(actor, relay_id, action)
    relay.state = state
    return relay


def hold_relay(actor: Actor, relay_id: int, action: Action) -> tuple[Relay, State]:
    """The relay, and the state to which ``action`` would move it. Call inside ``writing()``.

    Its paper is held with it, and first, as by whoever saves a relay: against other relays,
    corrections and voiding meanwhile. Raises NotFound (also for another agency's), Forbidden, and
    Conflict where its state has no such step.
    """
    relay = db.session.scalars(_HELD, {"relay_id": relay_id}).one_or_none()
    if relay is None:
        raise NotFound
    require(actor, relay_action(action), relay)
    state = relay_after(relay.state, action)
    if state is None:
        raise Conflict(
            _(
                "此转发稿现在是“%(state)s”，不能%(action)s。",
                state=labels.state(relay.state),
                action=labels.action(action),
            )
        )
    return relay, state


def own_copy(relay: Relay) -> tuple[Receipt, BulletinVersion]:
    """The relaying agency's receipt of the paper in force, and the version it is of.

    Raises NotInForce where it has none, and where the paper was corrected since the relay was
    saved.
    """
    bulletin = relay.bulletin
    copy = queries.own_copy(bulletin, relay.agency_id)
    if bulletin.ended_kind or copy is None:
        raise NotInForce
    if relay.version != bulletin.version:
        raise NotInForce(
            _("原件在此期间已更正，转发稿是按更正前的原件写的。"),
            hint=_("请退回或撤回，由经办人对照更正后的原件重新保存。"),
        )
    return copy


def check_downward(agency_id: int, rules: Sequence[Rule]) -> None:
    """Raise Invalid, at its field, where a relay names the agency above: it goes down only."""
    named = [one for one in rules if one.kind == RuleKind.AGENCY]
    above = select(Agency.parent_id).where(Agency.id == agency_id)
    upper_id = db.session.scalar(above) if named else None
    upward = [one for one in named if one.agency_id == upper_id]
    if upward:
        words = _("转发只能发给下级机构，不能发给上级。")
        raise Invalid(errors={f"{one.part}_agencies": words for one in upward})


def nobody_new() -> Invalid:
    """The refusal of a relay that would give nobody a receipt."""
    return Invalid(
        _("所选下级都已收到此件，或没有选中任何下级，无需转发。"),
        errors={"to_all": _("请选择还没有收到此件的下级机构。")},
    )
