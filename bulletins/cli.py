"""The operator's commands for papers."""

import click
from flask.cli import AppGroup

from bulletins.services import indexing


@click.group("search", cls=AppGroup)
def search() -> None:
    """The index of all papers."""


@search.command("rebuild")
def rebuild() -> None:
    """Make the index anew from the papers; whatever is not done yet is not found meanwhile."""
    done = 0
    for done in indexing.rebuild():
        click.echo(f"{done} papers …")
    click.echo(f"{done} papers can be searched")


COMMANDS = (search,)
