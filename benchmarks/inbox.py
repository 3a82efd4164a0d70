"""The inbox among 100,000 receipts, against a page with the same frame and one query."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event, func, select

from agencies.states import Level, SeatKind
from benchmarks.figures import Figure, in_turn
from benchmarks.installation import Browser, Installation, installed
from benchmarks.load import rate
from benchmarks.people import NATION, PASSWORD, Somebody, actor, know_the_tables, plant, settle_in
from benchmarks.wsgi import PATH as YARDSTICK
from bulletins.inputs import DraftInput
from bulletins.models import Receipt
from bulletins.services import create_draft, sign, submit
from config.database import db, writing
from parts.postgresql import PostgreSQL

RECEIPTS = 100_000
INBOX = "/inbox"
LINES = 25
REPEATS = 5
REQUESTS = 400
LEAST_SHARE = 50
MOST_QUERIES = 6


def figures() -> Iterator[Figure]:
    """Two figures for each engine: the share of requests a second, and the number of queries."""
    yield from _on("sqlite", None)
    with PostgreSQL() as server:
        yield from _on("postgresql", server)


def _on(engine: str, server: PostgreSQL | None) -> Iterator[Figure]:
    with installed(server) as installation:
        receipts = _fill()
        with installation.web("benchmarks.wsgi:create_app()"):
            reader = Browser(installation.url, "reader", PASSWORD)
            check(reader)
            inbox, yardstick = in_turn(
                lambda: rate(installation.settings.port, INBOX, reader.cookie, REQUESTS),
                lambda: rate(installation.settings.port, YARDSTICK, reader.cookie, REQUESTS),
                REPEATS,
            )
            said = queries(installation, reader.cookie)
    what = f"inbox, {LINES} lines of {receipts:,} receipts ({engine})"
    yield Figure(
        what,
        "a signed-in page with one query, same gunicorn",
        inbox / yardstick * 100,
        LEAST_SHARE,
        " %",
        at_least=True,
        details=f"{inbox:.0f} and {yardstick:.0f} requests/s",
    )
    yield Figure(what, "–", len(said), MOST_QUERIES, " queries")


def _fill() -> int:
    """Publish to the whole nation until there are enough receipts; returns how many there are."""
    with writing():
        agencies = plant(Level.NATION, NATION)
        clerk_id, approver_id, _reader_id = settle_in(
            [
                Somebody("clerk", agencies[0], SeatKind.CLERK),
                Somebody("approver", agencies[0], SeatKind.APPROVER),
                Somebody("reader", agencies[-1], SeatKind.READER),
            ]
        )
    clerk, approver = actor(clerk_id), actor(approver_id)
    for number in range(-(-RECEIPTS // (len(agencies) - 1))):
        draft = DraftInput(
            title=f"关于做好第{number}批产品质量监督抽查工作的通知",
            body="请各地认真组织实施。",
            to_all=True,
            needs_acknowledgement=bool(number % 2),
        )
        bulletin_id = create_draft(clerk, draft).id
        submit(clerk, bulletin_id, ["similar"])
        sign(approver, bulletin_id, looked_at=["similar"])
    know_the_tables()
    return db.session.scalar(select(func.count()).select_from(Receipt)) or 0


def check(reader: Browser) -> None:
    """See to it that the pages are what is to be measured, and that what is seen is delivered."""
    page = reader.get(INBOX).text
    if page.count('href="/inbox/') < LINES:
        raise RuntimeError(f"the inbox does not show {LINES} lines:\n{page}")
    reader.get(YARDSTICK).raise_for_status()


def queries(installation: Installation, cookie: str) -> list[str]:
    """The statements that one inbox page costs, all of them: also who is signed in, and menus."""
    client = installation.app.test_client(use_cookies=False)
    with installation.app.app_context(), _statements() as said:
        answer = client.get(INBOX, headers={"Cookie": cookie})
    if answer.status_code != 200:
        raise RuntimeError(f"the inbox answers {answer.status}")
    return said


@contextmanager
def _statements() -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        if not statement.startswith("BEGIN"):  # which only SQLite's driver is told so
            said.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
