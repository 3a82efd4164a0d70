"""Two at once: exactly one wins, on both engines."""

from collections.abc import Callable
from threading import Barrier, Thread

from apiflask import APIFlask
from sqlalchemy import func, select

from agencies.actors import Actor
from bulletins import services
from bulletins.models import Bulletin, BulletinVersion, Receipt
from bulletins.queries.papers import Progress
from config.database import db
from config.errors import DomainError
from config.journal import Entry
from tests.bulletins.papers import draft_input, drafted, published, receipt_of, submitted
from tests.worlds import World

Use = Callable[[Actor], object]

READERS = ("city", "other_city", "county", "other_county", "enterprise")


def _at_once(app: APIFlask, world: World, name: str, *uses: Use) -> list[str]:
    """What came of each use, all begun together by the person of that name."""
    return at_once(app, world, *((name, use) for use in uses))


def at_once(app: APIFlask, world: World, *named: tuple[str, Use]) -> list[str]:
    """What came of each use, all begun together, each by the person named with it."""
    barrier = Barrier(len(named))
    outcomes: list[str] = []

    def run(name: str, use: Use) -> None:
        with app.app_context():
            try:
                actor = world.actor(name)
                barrier.wait(10)
                use(actor)
                outcomes.append("done")
            except DomainError as error:
                outcomes.append(type(error).__name__)
            finally:
                db.session.remove()

    threads = [Thread(target=run, args=one) for one in named]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    db.session.rollback()
    return sorted(outcomes)


def _saving(bulletin_id: int, body: str) -> Use:
    return lambda actor: services.save_draft(actor, bulletin_id, 1, draft_input(body=body))


def _signing(bulletin_id: int) -> Use:
    return lambda actor: services.sign(actor, bulletin_id)


def test_one_of_two_who_save_at_once_is_told_so(app: APIFlask, world: World) -> None:
    for round_ in range(5):
        bulletin_id = drafted(world).id
        uses = [_saving(bulletin_id, "甲"), _saving(bulletin_id, "乙")]
        outcomes = _at_once(app, world, "province-clerk", *uses)
        assert outcomes == ["Stale", "done"], round_
        kept = db.session.get_one(Bulletin, bulletin_id)
        assert kept.revision == 2


def test_one_of_two_who_sign_at_once_signs(app: APIFlask, world: World) -> None:
    for _round in range(5):
        bulletin_id = submitted(world).id
        sign = [_signing(bulletin_id)] * 2
        assert _at_once(app, world, "province-approver", *sign) == ["Conflict", "done"]
        mine = Receipt.bulletin_id == bulletin_id
        assert db.session.scalar(select(func.count()).select_from(Receipt).where(mine)) == 6
        versions = BulletinVersion.bulletin_id == bulletin_id
        assert len(db.session.scalars(select(BulletinVersion).where(versions)).all()) == 1
        told = (Entry.kind == "bulletin.published") & (Entry.subject_id == bulletin_id)
        assert len(db.session.scalars(select(Entry.id).where(told)).all()) == 1


def test_what_is_opened_by_many_at_once_is_noted_once(app: APIFlask, world: World) -> None:
    receipt_id = receipt_of(world, "county", published(world)).id
    uses: list[Use] = [
        lambda actor: services.open_receipt(actor, receipt_id),
        lambda actor: services.acknowledge(actor, receipt_id),
        lambda actor: services.mark_shown(actor, [receipt_id]),
    ] * 2
    assert _at_once(app, world, "county-clerk", *uses) == ["done"] * 6
    for fact in ("receipt.opened", "receipt.acknowledged", "receipt.delivered"):
        assert len(db.session.scalars(select(Entry.id).where(Entry.kind == fact)).all()) == 1


def _reading(world: World, who: str, receipt_ids: list[int]) -> Use:
    def use(_actor: Actor) -> None:
        for receipt_id in receipt_ids:
            services.open_receipt(world.actor(who), receipt_id)
            services.acknowledge(world.actor(who), receipt_id)

    return use


def _delivering(receipt_ids: list[int]) -> Use:
    return lambda _actor: services.mark_delivered(receipt_ids, "mail")


def test_counts_stay_true_whatever_happens_at_once(app: APIFlask, world: World) -> None:
    """Two of each agency read both papers, one in this order and one in that."""
    papers = [published(world), published(world)]
    ids = {name: [receipt_of(world, name, paper).id for paper in papers] for name in READERS}
    every = [one for pair in ids.values() for one in pair]
    uses = [
        _reading(world, f"{name}-{seat}", pair[::way])
        for name, pair in ids.items()
        for seat, way in (("clerk", 1), ("duty", -1))
    ]
    uses += [_delivering(every[start:stop]) for start, stop in ((0, 6), (4, 10), (0, 10), (2, 8))]
    assert _at_once(app, world, "province-clerk", *uses) == ["done"] * len(uses)
    for bulletin in papers:
        version = db.session.get_one(BulletinVersion, (bulletin.id, 1))
        assert Progress.of(version) == Progress(6, 5, 5, 5, 6)


def test_a_form_sent_twice_at_once_makes_one_draft(app: APIFlask, world: World) -> None:
    for round_ in range(5):
        key = f"one-and-the-same-{round_}"

        def creating(body: str, key: str = key) -> Use:
            return lambda actor: services.create_draft(actor, draft_input(body=body), key)

        uses = [creating("甲"), creating("乙"), creating("乙")]
        assert _at_once(app, world, "province-clerk", *uses) == ["done"] * 3
        made = db.session.scalars(select(Bulletin).where(Bulletin.form_key == key)).one()
        assert made.form_revision == made.revision
