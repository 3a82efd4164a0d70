"""Papers, journal and facts: each whole, or not there at all."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Set

from sqlalchemy import func, select

from bulletins.models import Bulletin, BulletinVersion, Receipt
from bulletins.states import State
from config import settling
from config.database import db
from config.handling import Handling
from config.journal import Entry
from soak.reading import Reading
from soak.story import Story


def papers(story: Story) -> Iterator[str]:
    """A paper is unpublished and nobody's, or published once to exactly its audience."""
    receipts: dict[int, list[int]] = defaultdict(list)
    for bulletin_id, agency_id in db.session.execute(
        select(Receipt.bulletin_id, Receipt.agency_id)
    ):
        receipts[bulletin_id].append(agency_id)
    versions = Counter(db.session.scalars(select(BulletinVersion.bulletin_id)))
    told = Counter(_subjects("bulletin.published"))
    states = dict(db.session.execute(select(Bulletin.id, Bulletin.state)).all())
    for bulletin_id, state in states.items():
        is_published = state == State.PUBLISHED
        owed = story.province.audience if is_published else frozenset()
        if Counter(receipts[bulletin_id]) != Counter(owed):
            yield f"paper {bulletin_id} ({state}) has {len(receipts[bulletin_id])} receipts"
        if versions[bulletin_id] != is_published or told[bulletin_id] != is_published:
            yield (
                f"paper {bulletin_id} ({state}) has {versions[bulletin_id]} versions"
                f" and {told[bulletin_id]} entries"
            )
        if is_published != (bulletin_id in story.titles):
            yield f"paper {bulletin_id} is {state}"


def journal() -> Iterator[str]:
    """Every entry has its place in an unbroken chain, and has been handled."""
    verdict = settling.verify()
    if verdict.fault:
        yield f"journal: {verdict.fault}"
    total = db.session.scalar(select(func.count()).select_from(Entry))
    if verdict.checked != total:
        yield f"journal: {verdict.checked} of {total} entries are settled"
    left = db.session.scalar(
        select(func.count()).select_from(Handling).where(Handling.done_at.is_(None))
    )
    if left:
        yield f"journal: {left} handlings are not done"


def facts(reading: Reading) -> Iterator[str]:
    """Whatever was confirmed to a reader stands, and each fact was journalled once."""
    yield from _fact("opened", Counter(_subjects("receipt.opened")), reading.opened)
    acknowledged = Counter(_subjects("receipt.acknowledged"))
    yield from _fact("acknowledged", acknowledged, reading.acknowledged)
    delivered: Counter[int] = Counter()
    for entry in db.session.scalars(select(Entry).where(Entry.kind == "receipt.delivered")):
        listed = entry.facts["receipts"]
        assert isinstance(listed, list)
        delivered.update(listed)
    yield from _fact("delivered", delivered, set())


def _fact(name: str, entries: Counter[int], promised: Set[int]) -> Iterator[str]:
    column = getattr(Receipt, f"{name}_at")
    stored = set(db.session.scalars(select(Receipt.id).where(column.is_not(None))))
    for receipt_id in promised - stored:
        yield f"receipt {receipt_id} was confirmed as {name} and is not"
    for receipt_id in stored | set(entries):
        if entries[receipt_id] != (receipt_id in stored):
            yield f"receipt {receipt_id}: {entries[receipt_id]} entries say that it was {name}"


def _subjects(kind: str) -> list[int]:
    return list(db.session.scalars(select(Entry.subject_id).where(Entry.kind == kind)))
