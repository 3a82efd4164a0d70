"""Who may do what with digests and deliveries."""

from agencies.actors import Actor
from agencies.permissions import ALL_SEATS, SYSTEM, WORKING_SEATS, Rule
from agencies.states import AdminRole, SeatKind
from notifications.hooks.models import Endpoint
from notifications.models import Delivery, Escalation, Recipient
from notifications.texting.models import SmsReply


def owns(actor: Actor, pair: tuple[Delivery, Recipient]) -> bool:
    """Whether the delivery went to the actor, or the actor keeps the ledger of all."""
    return actor.role == AdminRole.SYSTEM or pair[1].person_id == actor.person_id


def calls(actor: Actor, escalation: Escalation) -> bool:
    """Whether the actor's agency issued the paper about which somebody is rung up."""
    return escalation.issuer_id == actor.agency_id


def is_for_duty(actor: Actor, reply: SmsReply) -> bool:
    """Whether a reply is for the duty seat of the actor's agency."""
    return reply.agency_id is not None and reply.agency_id == actor.agency_id


def is_of_agency(actor: Actor, endpoint: Endpoint) -> bool:
    """Whether the endpoint hears of what reaches the actor's agency."""
    return endpoint.agency_id == actor.agency_id


RULES: dict[str, Rule] = {
    "digest.choose": Rule(seats=ALL_SEATS),
    "alert.read": Rule(seats=ALL_SEATS),
    "call.list": Rule(seats=WORKING_SEATS),
    "call.note": Rule(seats=WORKING_SEATS, sees=calls),
    "delivery.own": Rule(anyone=True, sees=owns),
    # the system administrator keeps the ledger, the outbox and the recipients from outside
    "delivery.list": Rule(roles=SYSTEM),
    "delivery.decide": Rule(roles=SYSTEM),
    # whom one's own papers no longer reach
    "reader.lost": Rule(seats=ALL_SEATS),
    # other systems and chat groups are called with what the agency may read
    "endpoint.edit": Rule(seats=frozenset({SeatKind.CLERK, SeatKind.LIAISON}), sees=is_of_agency),
    "outbox.read": Rule(roles=SYSTEM),
    "recipient.edit": Rule(roles=SYSTEM),
    # the system administrator keeps templates, budget and the ways out for SMS
    "sms.manage": Rule(roles=SYSTEM),
    # what people answer by SMS is for whoever is on duty in their agency
    "reply.read": Rule(seats=frozenset({SeatKind.DUTY}), sees=is_for_duty),
}
