"""The account of a soak: what is wrong, by kind, and the numbers of what is right."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import func, select

from bulletins.models import Receipt
from config.database import Base, db
from config.journal import Entry
from notifications.models import Delivery, Digest
from notifications.states import State
from soak import mails, records
from soak.story import Story

_SHOWN = 10


@dataclass
class Account:
    """``lost`` and ``doubled`` count mails; ``faults`` says in words whatever must not be."""

    counts: dict[str, int]
    lost: int
    doubled: int
    marked: int
    faults: list[str] = field(default_factory=list)

    def blame(self, faults: Iterable[str]) -> None:
        """Note what is wrong; of many alike a few are enough."""
        found = list(faults)
        self.faults += found[:_SHOWN]
        if len(found) > _SHOWN:
            self.faults.append(f"… and {len(found) - _SHOWN} more like this")


def account_of(story: Story) -> Account:
    """Count everything that a story has left behind, and check it."""
    db.session.rollback()
    post = mails.Post.of(story.mailbox.messages())
    account = Account(
        counts={
            "kills": story.kills,
            "papers": len(story.titles),
            "receipts": _count(Receipt),
            "entries": _count(Entry),
            "digests": _count(Digest),
            "mails": post.arrived.total(),
            "refused": _count(Delivery, Delivery.state == State.FAILED),
            "sent again by hand": story.by_hand,
        },
        lost=len(list(mails.lost(post))),
        doubled=len(post.doubled),
        marked=_count(Delivery, Delivery.possibly_doubled),
    )
    account.blame(records.papers(story))
    account.blame(records.journal())
    account.blame(records.facts(story.reading))
    account.blame(mails.digests(story))
    account.blame(mails.spans(story))
    account.blame(mails.lost(post))
    account.blame(mails.ledger(post, story.province.refused))
    account.blame(mails.words(post, story.titles.values()))
    account.blame(story.stage.complaints)
    db.session.rollback()
    return account


def _count(model: type[Base], *conditions: object) -> int:
    query = select(func.count()).select_from(model).where(*conditions)  # type: ignore[arg-type]
    return db.session.scalar(query) or 0
