"""The command line: what can't go on ends with one line that says why, and status 1."""

from collections.abc import Callable, Mapping
from copy import copy
from typing import Any

from click import ClickException, Command, Context
from flask import Flask
from flask.cli import AppGroup, ScriptInfo
from sqlalchemy.exc import DBAPIError, OperationalError

from config.errors import DomainError

NOT_UP_TO_DATE = "the database is not up to date: run `flask --app app prepare` first"


class Refused(Exception):
    """An operator's command can't go on; the message is one line that says why."""


class Console(AppGroup):
    """The app's commands, each of which turns an error that has a reason into one line.

    ``late`` has, by their names, those that a slow library adds to the app once they are asked for.
    """

    late: Mapping[str, Callable[[Flask], None]] = {}

    def list_commands(self, ctx: Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *self.late})

    def get_command(self, ctx: Context, name: str) -> Command | None:
        if name in self.late and name not in self.commands:
            self.late[name](ctx.ensure_object(ScriptInfo).load_app())
        command = super().get_command(ctx, name)
        return command and one_line(command)


def reason_of(error: Exception) -> str:
    """Why something failed, on one line, in words for whoever runs the service."""
    if isinstance(error, DomainError):
        faults = [f"{name}: {text}" if name else str(text) for name, text in error.errors.items()]
        return "; ".join(faults) or str(error)
    if isinstance(error, DBAPIError) and _is_unprepared(error):
        return NOT_UP_TO_DATE
    if isinstance(error, OperationalError):
        return f"the database does not answer: {_first_line(error.orig)}"
    if isinstance(error, DBAPIError):
        return f"the database refuses: {_first_line(error.orig)}"
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return _first_line(error)


def _is_unprepared(error: DBAPIError) -> bool:
    """Whether a table or a column is missing, as in a database that nobody prepared yet."""
    missing = ("no such table", "no such column")  # as SQLite says it, PostgreSQL has codes
    codes = ("42P01", "42703")
    return str(error.orig).startswith(missing) or getattr(error.orig, "sqlstate", "") in codes


def _first_line(error: BaseException | None) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def one_line(command: Command) -> Command:
    """``command``, whose refusals end it with one line on standard error."""
    guarded = copy(command)

    def invoke(ctx: Context) -> Any:
        try:
            return command.invoke(ctx)
        except (DomainError, Refused, DBAPIError, OSError) as error:
            raise ClickException(reason_of(error)) from error

    guarded.invoke = invoke  # type: ignore[method-assign]
    return guarded
