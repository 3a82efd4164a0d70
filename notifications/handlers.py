"""What follows from entries of the journal: notices at once, and who gets digests from now on."""

from sqlalchemy import select

from agencies.models import Contact, Tenure
from bulletins.states import Urgency
from config.database import db
from config.handling import Handlers
from config.journal import Entry
from notifications.services import notices
from notifications.services.enrolment import enrol


def announce_urgent(entry: Entry) -> None:
    """An urgent paper is told at once."""
    if entry.facts.get("urgency") in (Urgency.URGENT, Urgency.FLASH):
        notices.announce(entry)


def announce_urgent_relay(entry: Entry) -> None:
    """An urgent paper that was relayed is told at once."""
    if entry.facts.get("urgency") in (Urgency.URGENT, Urgency.FLASH):
        notices.announce_relayed(entry)


def tell_passed_over(entry: Entry) -> None:
    """Who did not relay in time is told at once that those below have the paper."""
    notices.tell_passed_over(entry)


def tell_ended(entry: Entry) -> None:
    """That a paper is void or repealed is told at once, wherever it went."""
    notices.tell_ended(entry)


def remind(entry: Entry) -> None:
    """A reminder is told at once."""
    notices.remind(entry)


def ask_to_confirm(entry: Entry) -> None:
    """Somebody from outside is asked whether they want messages."""
    notices.ask_to_confirm(entry)


def invite(entry: Entry) -> None:
    """An invitation is sent."""
    notices.invite(entry)


def send_code(entry: Entry) -> None:
    """A code is sent."""
    notices.send_code(entry)


def enrol_seated(entry: Entry) -> None:
    """Whoever takes a seat gets a digest by default, from this position on."""
    _enrol(entry, db.session.scalar(select(Tenure.person_id).where(Tenure.id == entry.subject_id)))


def enrol_verified(entry: Entry) -> None:
    """Whoever has proved a mail address gets a digest by default, from this position on."""
    _enrol(
        entry, db.session.scalar(select(Contact.person_id).where(Contact.id == entry.subject_id))
    )


def _enrol(entry: Entry, person_id: int | None) -> None:
    if person_id is not None and entry.position is not None:
        enrol([person_id], entry.position)


HANDLERS: Handlers = {
    "bulletin.published": [announce_urgent],
    "bulletin.reminded": [remind],
    "bulletin.voided": [tell_ended],
    "bulletin.repealed": [tell_ended],
    "relay.signed": [announce_urgent_relay],
    "relay.passed_over": [announce_urgent_relay, tell_passed_over],
    "recipient.added": [ask_to_confirm],
    "recipient.joined": [ask_to_confirm],
    "person.invited": [invite],
    "contact.code_requested": [send_code],
    "contact.verified": [enrol_verified],
    "seat.taken": [enrol_seated],
}
