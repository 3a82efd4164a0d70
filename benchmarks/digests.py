"""The digest hour of a province, against pushing the same mails ready-made into the same server."""

import smtplib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from agencies.actors import Actor
from agencies.states import Level, SeatKind
from benchmarks.figures import Figure, in_turn, seconds
from benchmarks.installation import Installation, installed
from benchmarks.people import Somebody, actor, know_the_tables, plant, settle_in
from bulletins.inputs import DraftInput
from bulletins.services import create_draft, sign, submit
from config.database import db, writing
from config.settling import settle_all
from notifications import channels
from notifications.models import Delivery, Subscription
from notifications.services.digests import run_due
from notifications.services.enrolment import enrol
from notifications.services.handing_out import pump
from notifications.states import State
from parts.mailbox import Mail, Mailbox
from parts.postgresql import PostgreSQL

PEOPLE = 2000
PROVINCE = {Level.CITY: 11, Level.COUNTY: 167}
PAPERS = 6
REPEATS = 2
BOUND = 25
TITLE = "关于开展第{}批产品质量监督抽查和风险监测工作的通知"


def figures() -> Iterator[Figure]:
    """One figure for each engine."""
    yield _on("sqlite", None)
    with PostgreSQL(durable=True) as server:
        yield _on("postgresql", server)


def _on(engine: str, server: PostgreSQL | None) -> Figure:
    with Mailbox() as mailbox, installed(server, smtp_url=mailbox.url) as place:
        clerk, approver = _province()
        _digest_hour(place, mailbox, clerk, approver)
        mails = mailbox.messages()
        ours, bare = in_turn(
            lambda: _digest_hour(place, mailbox, clerk, approver),
            lambda: _pushed(mailbox, mails),
            REPEATS,
        )
        channels.close()
    return Figure(
        f"{PEOPLE:,} mail digests of {sum(PROVINCE.values()) + 1} agencies, due to arrived"
        f" ({engine})",
        "the same mails, ready-made, over one connection",
        100 * bare / ours,
        BOUND,
        " %",
        at_least=True,
        details=f"{PEOPLE / ours:.0f} and {PEOPLE / bare:.0f} mails/s",
    )


def _province() -> tuple[Actor, Actor]:
    """179 agencies with 2,000 people, each with a mail digest; the top one's clerk and approver."""
    with writing():
        agencies = plant(Level.PROVINCE, PROVINCE)
        readers = [
            Somebody(f"reader-{number}", agencies[number % len(agencies)], SeatKind.READER)
            for number in range(PEOPLE)
        ]
        kinds = {"clerk": SeatKind.CLERK, "approver": SeatKind.APPROVER}
        signing = [Somebody(name, agencies[0], kind) for name, kind in kinds.items()]
        people = settle_in([*readers, *signing])
        enrol(people[:PEOPLE], position=0)
    know_the_tables()
    return actor(people[-2]), actor(people[-1])


def _digest_hour(place: Installation, mailbox: Mailbox, clerk: Actor, approver: Actor) -> float:
    """Publish, then measure from due to arrived."""
    for number in range(PAPERS):
        draft = DraftInput(
            title=TITLE.format(number), body="略", to_all=True, needs_acknowledgement=number < 2
        )
        paper = create_draft(clerk, draft).id
        submit(clerk, paper)
        sign(approver, paper)
    settle_all()
    mailbox.clear()
    due_at = db.session.scalar(select(func.max(Subscription.next_due_at)))
    assert due_at is not None
    with ThreadPoolExecutor(place.settings.worker_threads) as pool:
        place.app.extensions.pop("delivery_engine", None)
        place.app.extensions["pool"] = pool
        taken = seconds(lambda: _sent(due_at))
    mailbox.wait_for(PEOPLE, timeout=60)
    return taken


def _sent(due_at: object) -> None:
    run_due(due_at)  # type: ignore[arg-type]
    while db.session.scalar(select(Delivery.id).where(Delivery.state != State.SENT).limit(1)):
        db.session.rollback()
        pump()
    db.session.rollback()


def _pushed(mailbox: Mailbox, mails: list[Mail]) -> float:
    """Push ready-made mails over one connection."""
    mailbox.clear()

    def push() -> None:
        with smtplib.SMTP("127.0.0.1", mailbox.port) as client:
            for mail in mails:
                client.sendmail(mail.sender, mail.recipients, mail.content)

    taken = seconds(push)
    mailbox.wait_for(len(mails), timeout=60)
    return taken
