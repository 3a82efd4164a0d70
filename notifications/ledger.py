"""The ledger of deliveries as pages and the API list it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal_column, select

from agencies.directory import containing
from agencies.models import Person
from config.database import db, found
from config.pages import Page, keyset
from notifications.models import Attempt, Delivery, Digest, Message, Recipient
from notifications.states import State

_MOST = 100
_MOST_NAMED = 200
_FAILING = (Digest.state == literal_column("'due'"), Digest.failures > literal_column("0"))
# People read both as being sent.
_READ_ALIKE = dict.fromkeys(
    (State.CLAIMED.value, State.CALLING.value), (State.CLAIMED, State.CALLING)
)


@dataclass(frozen=True)
class Narrowed:
    """What a list of deliveries is narrowed to; an empty word narrows nothing."""

    channel: str = ""
    state: str = ""
    kind: str = ""
    outcome: str = ""
    person_id: int | None = None
    name: str = ""

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """The conditions that it makes."""
        if self.person_id is not None:
            yield Recipient.person_id == self.person_id
        if self.name:
            yield Delivery.recipient_id.in_(_named(self.name))
        if self.state:
            yield Delivery.state.in_(_READ_ALIKE.get(self.state, (self.state,)))
        for column, wanted in (
            (Delivery.channel, self.channel),
            (Message.kind, self.kind),
            (Delivery.outcome, self.outcome),
        ):
            if wanted:
                yield column == wanted


def _named(words: str) -> Select[int]:
    """The recipients whose name contains ``words``: of very many, those entered last."""
    return (
        select(Recipient.id)
        .outerjoin(Person, Person.id == Recipient.person_id)
        .where(containing(words, Person.name, Recipient.name))
        .order_by(Recipient.id.desc())
        .limit(_MOST_NAMED)
    )


def ledger(narrowed: Narrowed, size: int = 25) -> Page[Any]:
    """Deliveries, newest first."""
    query = _rows().where(*narrowed.conditions())
    return keyset(query, (Delivery.id,), lambda row: (row.id,), size=size)


def entry(delivery_id: int) -> Any:
    """One delivery with its message and recipient; raises NotFound."""
    delivery = found(select(Delivery).where(Delivery.id == delivery_id))
    message = db.session.get_one(Message, delivery.message_id)
    return delivery, message, db.session.get_one(Recipient, delivery.recipient_id)


def attempts(delivery_id: int) -> Sequence[Attempt]:
    """Each attempt to send a delivery, the first one first."""
    query = select(Attempt).where(Attempt.delivery_id == delivery_id).order_by(Attempt.id)
    return db.session.scalars(query.limit(_MOST)).all()


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            *(Delivery.id, Delivery.channel, Delivery.address, Delivery.state, Delivery.attempts),
            *(Delivery.outcome, Delivery.detail, Delivery.possibly_doubled, Delivery.created_at),
            *(Delivery.next_try_at, Delivery.sent_at, Delivery.delivered_at, Delivery.calling_at),
            *(Message.kind, Message.subject),
            func.coalesce(Person.name, Recipient.name).label("name"),
        )
        .join(Message, Message.id == Delivery.message_id)
        .join(Recipient, Recipient.id == Delivery.recipient_id)
        .outerjoin(Person, Person.id == Recipient.person_id)
    )


def failing(most: int = 10) -> Sequence[Any]:
    """Digests that could not be composed and are tried again, the longest waiting first."""
    return db.session.execute(
        select(
            *(Digest.id, Digest.channel, Digest.scheduled_at, Digest.failures),
            Digest.next_try_at,
            func.coalesce(Person.name, Recipient.name).label("name"),
        )
        .join(Recipient, Recipient.id == Digest.recipient_id)
        .outerjoin(Person, Person.id == Recipient.person_id)
        .where(*_FAILING)
        .order_by(Digest.id)
        .limit(most)
    ).all()


def failing_count() -> int:
    """How many digests could not be composed and are tried again, up to a hundred."""
    some = select(Digest.id).where(*_FAILING).limit(_MOST).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def counts() -> dict[str, int]:
    """How many deliveries ask for a decision, by state, each counted up to a hundred."""
    return {
        state.value: db.session.scalar(
            select(func.count()).select_from(
                select(Delivery.id).where(Delivery.state == state).limit(_MOST).subquery()
            )
        )
        or 0
        for state in (State.HELD, State.UNKNOWN, State.FAILED)
    }
