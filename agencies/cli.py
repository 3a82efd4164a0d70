"""The operator's commands for agencies, people and keys."""

import csv
import sys
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy import select

from agencies import invitations, labels
from agencies.actors import console
from agencies.csv_table import WrongLines
from agencies.inputs import PersonInput, PlacementInput, TokenInput
from agencies.models import Person, Seat, Tenure
from agencies.services import imports, people_import, seats, tokens
from agencies.services import invitations as inviting
from agencies.services import people as people_service
from agencies.states import AdminRole, SeatKind, Way
from config.console import Refused
from config.database import db, writing
from config.forms import validated

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
WAYS = click.Choice([str(way) for way in Way])
STATES = {
    "locked": people_service.lock,
    "unlocked": people_service.unlock,
    "inactive": people_service.deactivate,
    "active": people_service.activate,
}


@click.group("agencies", cls=AppGroup)
def agencies() -> None:
    """The tree of agencies."""


@agencies.command("import")
@click.argument("file", type=FILE)
def import_agencies(file: Path) -> None:
    """Load the tree from FILE: CSV with code,name,level,parent_code (kind, contact_… may follow).

    All of it or nothing; again and again without doubles. UTF-8 or GBK.
    """
    try:
        outcome = imports.import_agencies(console(), file.read_bytes())
    except WrongLines as error:
        raise _named(error) from error
    click.echo(
        f"{outcome.created} created, {outcome.changed} changed ({outcome.moved} moved), "
        f"{outcome.unchanged} unchanged"
    )


def _named(error: WrongLines) -> Refused:
    """Name each wrong line on standard error; the last line says that nothing was imported."""
    for fault in error.faults:
        click.echo(str(fault), err=True)
    return Refused(str(error.message))


@click.group("people", cls=AppGroup)
def people() -> None:
    """Accounts and the seats that people hold."""


@people.command("add")
@click.option("--username", required=True, help="2 to 64 letters, digits, dots, dashes.")
@click.option("--name", required=True)
@click.option(
    "--admin",
    type=click.Choice([str(role) for role in AdminRole]),
    help="Make an administrator; only here, never in the pages.",
)
@click.option("--agency", help="Code or name of the agency where the person holds a seat.")
@click.option("--seat", type=click.Choice([str(kind) for kind in SeatKind]), help="Kind of seat.")
@click.option("--label", default="", help="The seat's own name, where there are several of a kind.")
@click.option("--mail")
@click.option("--phone")
def add_person(
    username: str,
    name: str,
    admin: str | None,
    agency: str | None,
    seat: str | None,
    label: str,
    mail: str | None,
    phone: str | None,
) -> None:
    """Make an account and print its invitation once: the link, or user name and code."""
    if (agency is None) != (seat is None):
        raise Refused("--agency and --seat belong together")
    if label and not seat:
        raise Refused("--label belongs to --agency and --seat")
    if admin and seat:
        raise Refused("an administrator holds no seat")
    given = {"username": username, "name": name, "mail": mail, "phone": phone}
    data = validated(PersonInput, {key: value for key, value in given.items() if value})
    role = AdminRole(admin) if admin else None
    with writing():
        made = people_service.create(console(), data, role)
        if seat:
            wanted = {"agency": agency, "kind": seat, "label": label}
            seats.place(console(), made.id, validated(PlacementInput, wanted))
        invitation = inviting.invite(console(), made.id, Way.SLIP)
    click.echo(f"username  {made.username}")
    click.echo(f"link      {invitations.link(invitation)}")
    click.echo(f"code      {invitations.short_code(invitation)}  (at /invitation)")
    click.echo(f"valid to  {invitation.expires_at:%Y-%m-%d %H:%M} UTC, for one use")


@people.command("import")
@click.argument("file", type=FILE)
@click.option("--invite", type=WAYS, help="Also invite everybody who is new.")
def import_people(file: Path, invite: str | None) -> None:
    """Load people and seats from FILE: CSV with username,name,agency_code,seats,mail,phone.

    Seats are kinds between semicolons, each with a label after a colon where it has one:
    `clerk;reader:Office`. All of it or nothing; again and again without doubles. With
    `--invite slip` user name, name and code of everybody new are printed as CSV.
    """
    try:
        with writing():
            outcome = people_import.import_people(console(), file.read_bytes())
            made = [
                inviting.invite(console(), person_id, Way(invite)) if invite else None
                for person_id in outcome.created
            ]
    except WrongLines as error:
        raise _named(error) from error
    slips = csv.writer(sys.stdout, lineterminator="\n")
    for invitation in filter(None, made if invite == Way.SLIP else []):
        person = people_service.person(invitation.person_id)
        slips.writerow((person.username, person.name, invitations.short_code(invitation)))
    click.echo(
        f"{len(outcome.created)} created, {outcome.renamed} renamed, {outcome.seated} seats taken",
        err=True,
    )


@people.command("invite")
@click.option("--username", required=True)
@click.option("--way", type=WAYS, default=str(Way.SLIP), show_default=True)
def invite_person(username: str, way: str) -> None:
    """Invite somebody anew, for example an administrator who forgot the password."""
    person = _person(username)
    invitation = inviting.invite(console(), person.id, Way(way))
    if invitation.way == Way.SLIP:
        click.echo(f"link      {invitations.link(invitation)}")
        click.echo(f"code      {invitations.short_code(invitation)}  (at /invitation)")
    click.echo(f"valid to  {invitation.expires_at:%Y-%m-%d %H:%M} UTC, for one use")


@people.command("set")
@click.option("--username", required=True)
@click.option("--state", type=click.Choice(list(STATES)), required=True)
def set_state(username: str, state: str) -> None:
    """Lock, unlock, shut or open an account; for an administrator's this is the only way."""
    STATES[state](console(), _person(username).id)


def _person(username: str) -> Person:
    person = db.session.scalars(
        select(Person).where(Person.username == username.strip().casefold())
    ).one_or_none()
    if person is None:
        raise Refused(f"--username: there is no {username}")
    return person


@click.group("tokens", cls=AppGroup)
def token_group() -> None:
    """Keys for the API."""


@token_group.command("issue")
@click.option("--username", required=True)
@click.option("--label", required=True, help="What the key is for.")
@click.option("--seat", type=int, help="The id of the seat, where the person holds several.")
@click.option("--days", type=click.IntRange(1, 1100), default=365, show_default=True)
def issue_token(username: str, label: str, seat: int | None, days: int) -> None:
    """Make a key that acts as a person in one seat, and print it once."""
    person = _person(username)
    if person.role is None and seat is None:
        seat = _only_seat(person)
    data = validated(TokenInput, {"label": label, "seat_id": seat, "days": days})
    click.echo(tokens.issue_for(console(), person, data))


def _only_seat(person: Person) -> int:
    held = db.session.scalars(
        select(Seat)
        .join(Tenure, Tenure.seat_id == Seat.id)
        .where(Tenure.person_id == person.id, Tenure.ended_at.is_(None))
        .order_by(Seat.id)
    ).all()
    if not held:
        raise Refused(f"{person.username} holds no seat")
    if len(held) > 1:
        names = ", ".join(f"{one.id} ({one.agency.name} {labels.seat(one)})" for one in held)
        raise Refused(f"--seat: {person.username} holds several: {names}")
    return held[0].id


COMMANDS = (agencies, people, token_group)
