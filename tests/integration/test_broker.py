"""Through real RabbitMQ: workers compose and send, urgent or not; what it forgot comes again.

Tables, PDFs and the index are made by the workers of the heavy line, and by nobody else.
"""

from contextlib import closing

from sqlalchemy import func, select, update

from agencies.exports import services as exports
from agencies.exports.models import Export
from agencies.exports.states import State as ExportState
from bulletins.models import IndexedPaper
from bulletins.services.printing import FOLDER
from config import clock
from config.database import db, writing
from config.queueing import HEAVY
from config.sheets import Format
from notifications.models import Delivery, Subscription
from notifications.states import Queue, State
from parts.mailbox import Mailbox
from parts.postgresql import PostgreSQL
from parts.processes import wait_until
from parts.rabbitmq import RabbitMQ
from soak.province import Province
from tests.bulletins.attaching import kept
from tests.integration.brokers import brokered

RECIPIENTS = 60


def strike() -> None:
    """Make now the hour for which everybody asked."""
    with writing():
        db.session.execute(update(Subscription).values(next_due_at=clock.now()))


def sent() -> int:
    db.session.rollback()
    query = select(func.count()).select_from(Delivery).where(Delivery.state == State.SENT)
    return db.session.scalar(query) or 0


def handed_out() -> int:
    db.session.rollback()
    query = select(func.count()).select_from(Delivery).where(Delivery.handed_out_at.is_not(None))
    return db.session.scalar(query) or 0


def test_workers_of_any_host_do_what_the_leader_hands_out(postgresql: PostgreSQL) -> None:
    with (
        RabbitMQ() as rabbitmq,
        Mailbox() as mailbox,
        brokered(postgresql, rabbitmq, smtp_url=mailbox.url) as place,
    ):
        province = Province.built(RECIPIENTS)
        publish(province)
        with place.worker(), place.celery():
            strike()
            mailbox.wait_for(RECIPIENTS, timeout=60)
            wait_until(lambda: sent() == RECIPIENTS, 30, "all written down as sent")

        # While no worker is there, the broker forgets all: it is handed out again.
        mailbox.clear()
        of_paper = exports.conditions("receipts", {"bulletin_id": publish(province)})
        table = exports.ask(province.clerk, "receipts", Format.CSV, of_paper, "zh")
        with place.worker(), place.celery("digests"):
            strike()
            wait_until(lambda: rabbitmq.waiting(Queue.MAIL) > 0, 30, "batches at the broker")
            wait_until(lambda: handed_out() == 2 * RECIPIENTS, 30, "all handed out")
            rabbitmq.purge(Queue.MAIL)
            assert mailbox.messages() == []
            wait_until(lambda: rabbitmq.waiting(HEAVY) > 0, 30, "heavy work at the broker")
            before = heavy_work()
            assert state_of(table) == ExportState.WAITING
            with place.celery("bulk", HEAVY):
                mails = mailbox.wait_for(RECIPIENTS, timeout=60)
                wait_until(lambda: state_of(table) == ExportState.READY, 60, "the table")
                wait_until(lambda: all_grew(before), 60, "index and PDF of one paper more")
            with closing(exports.fetch(province.clerk, table.id).content) as file:
                assert len(file.read().splitlines()) == 1 + len(province.audience)
        assert len({mail.recipients for mail in mails}) == len(mails) == RECIPIENTS


def state_of(export: Export) -> str:
    db.session.rollback()
    return db.session.get_one(Export, export.id).state


def heavy_work() -> tuple[int, int]:
    """How many papers are in the index, and how many are set as PDF."""
    db.session.rollback()
    indexed = db.session.scalar(select(func.count()).select_from(IndexedPaper)) or 0
    return indexed, sum(key.startswith(FOLDER) for key in kept())


def all_grew(before: tuple[int, int]) -> bool:
    return all(now > then for now, then in zip(heavy_work(), before, strict=True))


def publish(province: Province) -> int:
    """Have a paper published that all are to be told of."""
    return province.published(f"关于开展专项检查的通知{clock.now().isoformat()}")
