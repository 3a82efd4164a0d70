"""The operator's commands on many deliveries: deliveries queues, stop-batch and the like."""

from datetime import datetime

import click

from agencies.states import Channel
from config.console import Refused
from config.errors import DomainError
from notifications import batches, queues
from notifications.cli import Moment, deliveries_group, digests_group
from notifications.services.decisions import DECISIONS
from notifications.which import Which


@deliveries_group.command("queues")
def show_queues() -> None:
    """Show queues and digest hours: what waits, the rate, what failed, the seconds left."""
    lines = queues.lines()
    for line in lines:
        left = "" if line.seconds_left is None else f"{line.seconds_left} s left"
        paused = f"paused since {line.pause.since.isoformat()}" if line.pause else ""
        said = f"{line.waiting} waiting\t{line.per_minute:.0f}/min\t{line.failed} failed"
        click.echo(f"{line.queue}\t{said}\t{left}\t{paused}".rstrip())
    for one in batches.batches(lines):
        at = one.scheduled_at.isoformat()
        failed = one.failed + one.unknown
        click.echo(f"{one.channel} digests {at}\t{one.done}/{one.total}\t{failed} failed")


_ID = click.IntRange(1, 2**63 - 1)


def _command(name: str, decision: str, text: str) -> None:
    @deliveries_group.command(name, help=text)
    @click.option("--channel", type=click.Choice([one.value for one in Channel]))
    @click.option("--outcome", default="", help="Only those with this outcome, e.g. refused.")
    @click.option("--digests-at", type=Moment(), help="The digests of this hour.")
    @click.option("--bulletin", type=_ID, help="What tells of this paper.")
    @click.option("--task", type=_ID, help="The digests that name this task.")
    def command(
        channel: str | None,
        outcome: str,
        digests_at: datetime | None,
        bulletin: int | None,
        task: int | None,
    ) -> None:
        which = Which(channel or "", outcome, digests_at, bulletin, task)
        if which == Which():
            raise Refused("say which: --channel, --outcome, --digests-at, --bulletin or --task")
        try:
            count = DECISIONS[decision](None, which)
        except DomainError as error:
            raise Refused("there is no such batch: name an hour, a bulletin or a task") from error
        click.echo(f"{count} deliveries")


_command("retry-batch", "retry", "Send again what failed of a batch, and nothing else.")
_command("stop-batch", "stop", "Hold what waits of a digest hour or about a paper or task.")
_command("release-batch", "release", "Send what was stopped after all.")
_command("close-batch", "close", "Give up what is held of a batch.")

COMMANDS = (digests_group, deliveries_group)
