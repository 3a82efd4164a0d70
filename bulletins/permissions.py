"""Who may do what with papers and receipts."""

from dataclasses import dataclass

from agencies.actors import Actor
from agencies.permissions import ALL_SEATS, WORKING_SEATS, Rule
from agencies.states import SeatKind
from bulletins.models import (
    Attachment,
    Bulletin,
    FollowedPaper,
    JointIssuer,
    OrganCode,
    Receipt,
    Relay,
    Review,
    SavedSearch,
    SearchFeed,
    Upload,
)
from bulletins.states import ACTORS, RELAY_ACTIONS, Action

OFFICE = frozenset({SeatKind.CLERK, SeatKind.APPROVER})


def is_issuer(actor: Actor, bulletin: Bulletin) -> bool:
    """Whether the paper is the actor's own agency's."""
    return bulletin.issuer_id == actor.agency_id


def is_receiver(actor: Actor, receipt: Receipt) -> bool:
    """Whether the receipt is the actor's own agency's."""
    return receipt.agency_id == actor.agency_id


def is_keeper(actor: Actor, code: OrganCode) -> bool:
    """Whether the organ code, and with it the register, is the actor's own agency's."""
    return code.agency_id == actor.agency_id


def _is_of_agency(actor: Actor, review: Review) -> bool:
    """Whether a paper of the actor's own agency is reviewed."""
    return review.bulletin.issuer_id == actor.agency_id


def _is_asked(actor: Actor, review: Review) -> bool:
    """Whether it is the seat in which the actor acts that is asked."""
    return review.seat_id == actor.seat_id


def _may_see_unsigned(actor: Actor, bulletin: Bulletin) -> bool:
    """Readers see what was published, not what is being written."""
    return bulletin.version > 0 or actor.office in WORKING_SEATS


def is_relaying(actor: Actor, relay: Relay) -> bool:
    """Whether the relay is the actor's own agency's; what a paper's rule did is nobody's work."""
    return relay.agency_id == actor.agency_id and not relay.by_rule


@dataclass(frozen=True)
class Held:
    """An attachment; ``is_readable``: it was signed with what the agency may read.

    That is a version of a paper, or the ``relay`` whose additions it is part of, or a question or
    an answer on it (``is_of_reply``).
    """

    attachment: Attachment
    bulletin: Bulletin
    is_readable: bool
    relay: Relay | None = None
    is_of_reply: bool = False


def _has_attachment(actor: Actor, held: Held) -> bool:
    """What came with a paper or relay one may read, or is with a draft of one's own still."""
    if held.is_of_reply:
        return held.is_readable
    is_own = is_relaying(actor, held.relay) if held.relay else is_issuer(actor, held.bulletin)
    return held.is_readable or (is_own and held.attachment.removed_at is None)


def _may_open(actor: Actor, held: Held) -> bool:
    """Who only reads opens what was signed, not what a draft or a correction is to bring."""
    works = actor.office in WORKING_SEATS
    return held.is_readable or works


def _may_remove(_actor: Actor, held: Held) -> bool:
    """What went with a question or an answer stays with it."""
    return not held.is_of_reply


def is_sender(actor: Actor, upload: Upload) -> bool:
    """Whether the actor is who sends this file."""
    return upload.person_id == actor.person_id


def keeps_search(actor: Actor, search: SavedSearch) -> bool:
    """Whether the actor's own agency keeps the search."""
    return search.agency_id == actor.agency_id


def is_feed_owner(actor: Actor, feed: SearchFeed) -> bool:
    """Whether the address is the actor's own, in whichever seat they asked for it."""
    return feed.person_id == actor.person_id


def action_name(action: Action) -> str:
    """The name of a step of a paper in the table of permissions."""
    return f"bulletin.{action}"


def relay_action(action: Action) -> str:
    """The name of a step of a relay in the table of permissions."""
    return f"relay.{action}"


def is_joint(actor: Actor, own: JointIssuer) -> bool:
    """Whether the actor's own agency issues a paper beside its host, who has submitted it once."""
    return own.agency_id == actor.agency_id and own.bulletin.submitted_at is not None


def _may_see_joint(actor: Actor, own: JointIssuer) -> bool:
    return _may_see_unsigned(actor, own.bulletin)


def is_follower(actor: Actor, paper: FollowedPaper) -> bool:
    """Whether the paper came to the actor's own agency because it follows its tags."""
    return paper.agency_id == actor.agency_id


RULES: dict[str, Rule] = {
    "joint.list": Rule(seats=ALL_SEATS),
    "joint.show": Rule(seats=ALL_SEATS, sees=is_joint, may=_may_see_joint),
    "joint.remark": Rule(seats=OFFICE, sees=is_joint),
    "joint.sign": Rule(seats=ACTORS[Action.SIGN], sees=is_joint),
    "follow.list": Rule(seats=ALL_SEATS),
    "follow.change": Rule(seats=WORKING_SEATS),
    "follow.read": Rule(seats=ALL_SEATS, sees=is_follower),
    "bulletin.inbox": Rule(seats=ALL_SEATS),
    "bulletin.read": Rule(seats=ALL_SEATS, sees=is_receiver),
    "bulletin.acknowledge": Rule(seats=WORKING_SEATS, sees=is_receiver),
    "bulletin.act": Rule(seats=WORKING_SEATS, sees=is_receiver),
    "search.find": Rule(seats=ALL_SEATS),
    "search.keep": Rule(seats=WORKING_SEATS, sees=keeps_search),
    "search.feed": Rule(seats=ALL_SEATS, sees=keeps_search),
    "feed.own": Rule(seats=ALL_SEATS, sees=is_feed_owner),
    "bulletin.desk": Rule(seats=OFFICE),
    "bulletin.draft": Rule(seats=ACTORS[Action.EDIT]),
    "bulletin.sent": Rule(seats=ALL_SEATS),
    "bulletin.show": Rule(seats=ALL_SEATS, sees=is_issuer, may=_may_see_unsigned),
    "bulletin.receipts": Rule(seats=ALL_SEATS),
    "review.list": Rule(seats=WORKING_SEATS),
    "checks.see": Rule(seats=WORKING_SEATS, sees=is_issuer),
    "review.decide": Rule(seats=WORKING_SEATS, sees=_is_of_agency, may=_is_asked),
    "remark.make": Rule(seats=WORKING_SEATS, sees=is_issuer),
    "remark.settle": Rule(seats=ACTORS[Action.EDIT], sees=is_issuer),
    "number.register": Rule(seats=OFFICE, sees=is_keeper),
    "number.keep": Rule(seats=ACTORS[Action.SIGN], sees=is_keeper),
    "budget.see": Rule(seats=OFFICE),
    "budget.set": Rule(seats=ACTORS[Action.SIGN]),
    "attachment.read": Rule(seats=ALL_SEATS, sees=_has_attachment, may=_may_open),
    "attachment.edit": Rule(seats=ACTORS[Action.EDIT], sees=_has_attachment, may=_may_remove),
    "upload.send": Rule(seats=ACTORS[Action.EDIT], sees=is_sender),
    "bulletin.remind": Rule(seats=WORKING_SEATS, sees=is_issuer),
    "relay.draft": Rule(seats=ACTORS[Action.EDIT], sees=is_receiver),
    "relay.show": Rule(seats=OFFICE, sees=is_relaying),
}
RULES |= {
    action_name(action): Rule(seats=seats, sees=is_issuer) for action, seats in ACTORS.items()
}
RULES |= {
    relay_action(action): Rule(seats=ACTORS[action], sees=is_relaying) for action in RELAY_ACTIONS
}
