"""Where the story plays: real parts, web and worker, all thrown away afterwards."""

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from parts.daylight import zone_by_day
from parts.kannel import Kannel
from parts.leftovers import remove, scratch_folder
from parts.mailbox import Mailbox
from parts.phone import Phone
from parts.ports import free_port
from parts.postgresql import PostgreSQL
from parts.processes import Process, listening, run, start

ROOT = Path(__file__).parents[1]


@dataclass
class Theatre:
    """The service on PostgreSQL, a mail server, and every phone of the province."""

    url: str
    folder: Path
    environment: dict[str, str]
    mailbox: Mailbox
    phone: Phone
    web: Process
    worker: Process

    def flask(self, *arguments: str) -> str:
        """Run a command of the service as an operator would, and return what it prints.

        Raises PartError where it fails.
        """
        return run(
            [sys.executable, "-m", "flask", "--app", "app", *arguments],
            cwd=ROOT,
            env=self.environment,
        )

    def complaints(self) -> list[str]:
        """What web and worker logged that is no mere information, and whether one has ended."""
        found = []
        for process in (self.web, self.worker):
            lines = process.output().splitlines()
            found += [line[:500] for line in lines if not _is_calm(line)]
            if not process.running:
                found += [f"{process.name} ended with {process.returncode}", *lines[-3:]]
        return found


def _is_calm(line: str) -> bool:
    try:
        return json.loads(line)["level"] not in ("warning", "error", "critical")
    except (ValueError, KeyError, TypeError):
        return False


@contextmanager
def opened() -> Iterator[Theatre]:
    """Start everything; stop and remove it at the end."""
    with ExitStack() as stack:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        database = stack.enter_context(PostgreSQL(durable=True))
        mailbox = stack.enter_context(Mailbox())
        gateway = stack.enter_context(Kannel(dlr=url))
        phone = stack.enter_context(Phone(gateway.phone_port))
        folder = scratch_folder("story")
        stack.callback(remove, folder)
        environment = {
            "CHANGTONG_DATA_DIR": str(folder / "data"),
            "CHANGTONG_DATABASE_URL": database.create_database("changtong"),
            "CHANGTONG_PORT": str(port),
            "CHANGTONG_BASE_URL": url,
            "CHANGTONG_SMTP_URL": mailbox.url,
            "CHANGTONG_MAIL_FROM": "changtong@changtong.example",
            "CHANGTONG_SMS_URL": gateway.url,
            "CHANGTONG_TIMEZONE": zone_by_day(),
        }
        flask = [sys.executable, "-m", "flask", "--app", "app"]
        run([*flask, "prepare"], cwd=ROOT, env=environment)
        web = start(
            [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py"],
            name="web",
            ready=lambda _: listening(port),
            timeout=60,
            env=environment,
            cwd=ROOT,
        )
        stack.enter_context(web)
        worker = start([*flask, "worker"], name="worker", env=environment, cwd=ROOT)
        stack.enter_context(worker)
        yield Theatre(url, folder, environment, mailbox, phone, web, worker)
