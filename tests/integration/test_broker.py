"""Through real RabbitMQ: workers compose and send, urgent or not; what it forgot comes again."""

from sqlalchemy import func, select, update

from config import clock
from config.database import db, writing
from notifications.models import Delivery, Subscription
from notifications.states import Queue, State
from parts.mailbox import Mailbox
from parts.postgresql import PostgreSQL
from parts.processes import wait_until
from parts.rabbitmq import RabbitMQ
from soak.province import Province
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
        publish(province)
        with place.worker(), place.celery("digests"):
            strike()
            wait_until(lambda: rabbitmq.waiting(Queue.MAIL) > 0, 30, "batches at the broker")
            wait_until(lambda: handed_out() == 2 * RECIPIENTS, 30, "all handed out")
            rabbitmq.purge(Queue.MAIL)
            assert mailbox.messages() == []
            with place.celery("bulk"):
                mails = mailbox.wait_for(RECIPIENTS, timeout=60)
        assert len({mail.recipients for mail in mails}) == len(mails) == RECIPIENTS


def publish(province: Province) -> None:
    """Have a paper published that all are to be told of."""
    province.published(f"关于开展专项检查的通知{clock.now().isoformat()}")
