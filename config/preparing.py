"""Preparing an installation: its schema up to date, demo data in an empty one if asked for."""

import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from config.database import db
from config.migrating import bring_up_to_date, one_at_a_time
from config.schema import SEEDED
from config.settings import Settings

ACCOUNTS = "demo-accounts.txt"


@dataclass(frozen=True)
class Demo:
    """The demo data: who can sign in (user name, who that is), and loading it with passwords.

    ``load`` loads all or, if it fails, nothing.
    """

    accounts: Sequence[tuple[str, str]]
    load: Callable[[Mapping[str, str]], None]


@dataclass(frozen=True)
class Account:
    """A demo account as it is shown to whoever starts the service."""

    username: str
    password: str
    title: str


def is_empty() -> bool:
    """Whether no table of the database has a row but those that migrations fill."""
    tables = [t for t in db.metadata.sorted_tables if t.name not in SEEDED]
    return all(
        db.session.execute(select(1).select_from(t).limit(1)).first() is None for t in tables
    )


def prepare(settings: Settings, demo: Demo | None = None) -> Sequence[Account]:
    """Bring the schema up to date and load ``demo`` into an empty database, one process at a time.

    Returns the demo accounts of this installation; there are none where it never had demo data.
    """
    with one_at_a_time(settings):
        bring_up_to_date()
        path = settings.data_dir / ACCOUNTS
        if demo and is_empty():
            accounts = read_accounts(path) or _made_accounts(path, demo)
            demo.load({account.username: account.password for account in accounts})
        return read_accounts(path) if demo else []


def _password() -> str:
    """Twelve characters that nobody mistakes for others, 58 bits."""
    return "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(12))


def read_accounts(path: Path) -> Sequence[Account]:
    """The demo accounts kept in ``path``."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [Account(*line.split("\t", 2)) for line in lines if line.count("\t") == 2]


def _made_accounts(path: Path, demo: Demo) -> Sequence[Account]:
    """Passwords at random, kept before they are used so that none is lost."""
    made = [Account(name, _password(), title) for name, title in demo.accounts]
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        lines = [f"{one.username}\t{one.password}\t{one.title}\n" for one in made]
        file.write("".join(lines).encode())
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    return made
