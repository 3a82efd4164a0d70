"""The operator's commands: prepare, worker, celery-worker, backup, restore, journal."""

import os
from importlib import import_module
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from config import archive, backup, handling, preparing, restoring, settling, working
from config.console import Refused
from config.settings import Settings, reaches_nobody, unknown

FILE = click.Path(dir_okay=False, path_type=Path)


def _settings() -> Settings:
    chosen: Settings = current_app.extensions["settings"]
    return chosen


def _warn() -> None:
    for line in unknown(os.environ):
        click.echo(f"Warning: {line}", err=True)


@click.command()
@click.option("--demo", is_flag=True, help="Load the demo province into an empty database.")
def prepare(demo: bool) -> None:
    """Bring the database up to date; safe while other hosts do the same."""
    settings = _settings()
    _warn()
    accounts = preparing.prepare(settings, current_app.extensions["demo"] if demo else None)
    for line in [] if demo else reaches_nobody(settings):
        click.echo(f"Warning: {line}", err=True)
    click.echo(f"Changtong (畅通): {settings.base_url}")
    if accounts:
        click.echo(f"Demo accounts, kept in {settings.data_dir / preparing.ACCOUNTS}:")
    for account in accounts:
        click.echo(f"  {account.username:<20} {account.password:<14} {account.title}")


@click.command()
def worker() -> None:
    """Run the schedule and the deliveries until told to stop; one worker at a time leads."""
    _warn()
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    working.work(app)


@click.command("celery-worker")
@click.option("--line", "lines", multiple=True, help="Only this line of queues; all without it.")
def celery_worker(lines: tuple[str, ...]) -> None:
    """Do what the leader hands out through the broker, until told to stop; on any host."""
    _warn()
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    known = [line.name for line in app.extensions["lines"]]
    for name in lines:
        if name not in known:
            raise Refused(f"{name}: is no line; there are {', '.join(known)}")
    import_module("config.brokered").serve(app, lines)


@click.command("backup")
@click.argument("file", type=FILE)
@click.option(
    "--with-secret-key",
    is_flag=True,
    help="Also keep the secret key: whoever has the file can then forge sign-ins.",
)
def make_backup(file: Path, with_secret_key: bool) -> None:
    """Back up the database and the files to FILE, while everything runs."""
    kept = current_app.extensions["kept_files"]
    made = backup.write(file, _settings(), kept, with_secret_key=with_secret_key)
    click.echo(_summary(file, made))


@click.command("restore")
@click.argument("file", type=FILE)
@click.option("--force", is_flag=True, help="Replace a database that is not empty.")
@click.option("--check", is_flag=True, help="Only check that FILE is whole; change nothing.")
def restore_backup(file: Path, force: bool, check: bool) -> None:
    """Restore the database and the files from FILE; web and worker must be stopped."""
    if check:
        with archive.opened(file) as found:
            click.echo(_summary(file, found.manifest))
        return
    manifest, said = restoring.restore(file, _settings(), force=force)
    click.echo(_summary(file, manifest))
    for line in said:
        click.echo(line)


def _summary(file: Path, made: backup.Manifest) -> str:
    return (
        f"{file}: {made.rows} rows of {len(made.tables)} tables and {len(made.files)} files, "
        f"as of {made.made_at:%Y-%m-%d %H:%M:%S} UTC, revision {made.revision}"
    )


@click.group("journal", cls=AppGroup)
def journal_group() -> None:
    """The record of everything that happened."""


@journal_group.command("verify")
def verify() -> None:
    """Check the whole chain of the journal and its checkpoints."""
    verdict = settling.verify()
    if verdict.fault:
        raise Refused(f"{verdict.fault} ({verdict.checked} entries checked)")
    click.echo(f"{verdict.checked} entries, every link holds")


@journal_group.command("set-aside")
def set_aside() -> None:
    """List what failed its last try and waits for you (newest first, at most 100)."""
    for row in handling.set_aside():
        click.echo(f"{row.entry_id} {row.handler} {row.error} {row.set_aside_at:%Y-%m-%d %H:%M}")


@journal_group.command("resume")
@click.argument("entry", type=int)
@click.argument("handler")
def resume(entry: int, handler: str) -> None:
    """Give what was set aside new tries: ENTRY and HANDLER as `set-aside` shows them."""
    if (entry, handler) not in {(row.entry_id, row.handler) for row in handling.set_aside()}:
        raise Refused(f"{entry} {handler}: is not set aside")
    handling.resume(entry, handler)


COMMANDS = (prepare, worker, celery_worker, make_backup, restore_backup, journal_group)
