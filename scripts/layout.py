"""``python -m scripts.layout``: run the layout of docs/scaling.md on this machine, and check it.

Everything is throwaway and on loopback, with a process and a port for each: PostgreSQL with a
replica, PgBouncer, RabbitMQ, a mail server, two web, two schedulers, two broker's workers.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

import psycopg
import requests
from sqlalchemy import update

from benchmarks.installation import Installation, installed
from config import clock
from config.database import db, writing
from config.settings import Settings
from notifications.models import Subscription
from parts.mailbox import Mailbox
from parts.pgbouncer import PgBouncer
from parts.ports import free_port
from parts.postgresql import PostgreSQL
from parts.processes import PartError, Process, wait_until
from parts.rabbitmq import RabbitMQ
from soak.province import Province

_PATIENCE = 90.0


@dataclass
class Layout:
    """All that runs, by what it is."""

    server: PostgreSQL
    replica: PostgreSQL
    mailbox: Mailbox
    webs: list[Installation]
    schedulers: list[Process]
    database: str

    def check(self, recipients: int, say: Callable[[str], object] = print) -> None:
        """Publish, send the digests, kill the leader, send again; raises PartError if not so."""
        province = Province.built(recipients)
        for web in self.webs:
            for path in ("healthz", "readyz"):
                answer = requests.get(f"{web.url}/{path}", timeout=30)
                if answer.status_code != 200:
                    raise PartError(f"{web.url}/{path}: {answer.status_code} {answer.text}")
            say(f"{web.url} is healthy and ready: {answer.json()}")
        self._digests(province, recipients)
        say(f"{recipients} digests arrived, one for each")
        leader = next(one for one in self.schedulers if one.says('"leader_began"'))
        other = next(one for one in self.schedulers if one is not leader)
        leader.kill()
        wait_until(lambda: other.says('"leader_began"'), _PATIENCE, "the other scheduler leading")
        say("the scheduler that led was killed; the other leads")
        self._digests(province, recipients)
        say(f"{recipients} digests arrived, one for each")
        wait_until(self._replica_has_all, _PATIENCE, "the replica's copy")
        say("the replica has them all")

    def _digests(self, province: Province, recipients: int) -> None:
        """Have a paper published and the digest hour come; each gets one mail."""
        self.mailbox.clear()
        province.published(f"关于开展专项检查的通知（{clock.now().isoformat()}）")
        with writing():
            db.session.execute(update(Subscription).values(next_due_at=clock.now()))
        mails = self.mailbox.wait_for(recipients, timeout=_PATIENCE)
        addresses = {mail.recipients for mail in mails}
        if len(mails) != recipients or len(addresses) != recipients:
            raise PartError(f"{len(mails)} mails to {len(addresses)} of {recipients}")

    def _replica_has_all(self) -> bool:
        return _count(self.replica, self.database) == _count(self.server, self.database) > 0


def _count(server: PostgreSQL, database: str) -> int:
    """How many deliveries it knows as sent."""
    url = server.url(database).replace("+psycopg", "")
    with psycopg.connect(url, connect_timeout=10) as connection:
        row = connection.execute("SELECT count(*) FROM deliveries WHERE state = 'sent'").fetchone()
    return int(row[0]) if row else 0


@contextmanager
def layout() -> Iterator[Layout]:
    """All of it, running; stopped at the end."""
    with ExitStack() as stack:
        server = stack.enter_context(PostgreSQL(durable=True))
        bouncer = stack.enter_context(PgBouncer(server.port))
        rabbitmq = stack.enter_context(RabbitMQ())
        mailbox = stack.enter_context(Mailbox())
        place = stack.enter_context(
            installed(
                server,
                bouncer=bouncer,
                broker_url=rabbitmq.url,
                smtp_url=mailbox.url,
                worker_threads=1,
                web_workers=1,
            )
        )
        replica = stack.enter_context(server.replica())
        webs = [place, replace(place, settings=_with_port(place))]
        for web in webs:
            stack.enter_context(web.web())
        schedulers = [stack.enter_context(place.worker()) for _ in range(2)]
        for _ in range(2):
            stack.enter_context(place.celery())
        leads = '"leader_began"'
        wait_until(lambda: any(one.says(leads) for one in schedulers), _PATIENCE, "a leader")
        name = place.settings.database_url.rpartition("/")[2]
        yield Layout(server, replica, mailbox, webs, schedulers, name)


def _with_port(place: Installation) -> Settings:
    return place.settings.model_copy(update={"port": free_port()})


def main() -> None:
    """Run, check, stop."""
    parser = argparse.ArgumentParser(prog="python -m scripts.layout", description=__doc__)
    parser.add_argument("--recipients", type=int, default=500, help="who get a digest (500)")
    given = parser.parse_args()
    try:
        with layout() as running:
            print("all parts run", flush=True)
            running.check(given.recipients)
    except PartError as error:
        sys.exit(str(error))
    print("all parts were stopped")


if __name__ == "__main__":
    main()
