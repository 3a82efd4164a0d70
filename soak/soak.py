"""One soak from beginning to end, on one engine."""

from collections.abc import Callable
from contextlib import ExitStack

from benchmarks.installation import installed
from parts.mailbox import Mailbox
from parts.postgresql import PostgreSQL
from soak.ledger import Account, account_of
from soak.plan import rounds
from soak.province import Province
from soak.stage import Stage
from soak.story import Story


def soak(
    engine: str,
    seed: int,
    kills: int,
    recipients: int,
    *,
    server: PostgreSQL | None = None,
    say: Callable[[str], object] = lambda _line: None,
) -> Account:
    """Play everything on ``engine`` and give the account.

    PostgreSQL is ``server``, or else one of its own that keeps what it has committed. Raises
    PartError where something does not come about in time.
    """
    with ExitStack() as stack:
        if engine == "postgresql" and server is None:
            server = stack.enter_context(PostgreSQL(durable=True))
        mailbox = stack.enter_context(Mailbox())
        place = stack.enter_context(
            installed(server if engine == "postgresql" else None, smtp_url=mailbox.url)
        )
        province = Province.built(recipients)
        with Stage(place) as stage:
            story = Story(stage, province, mailbox, say)
            story.tell(rounds(seed, kills))
        return account_of(story)
