"""Personal keys for the API: shown once when made, kept as hashes, dead with their seat."""

import secrets
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from agencies.actors import Actor, token_hash
from agencies.inputs import TokenInput
from agencies.models import Person, Seat, Tenure, Token
from agencies.permissions import can, require
from config import clock, journal
from config.database import db, found, writing
from config.errors import Invalid, NotFound

PREFIX = "ct_"
MOST = 20


def issue(actor: Actor, data: TokenInput) -> str:
    """A new key of one's own; the returned secret is told this once.

    Raises Invalid for a seat that isn't one's own, or where there are too many keys.
    """
    require(actor, "account.own")
    return issue_for(actor, actor.person, data)


def issue_for(actor: Actor, person: Person, data: TokenInput) -> str:
    """A key of ``person``'s: one's own, or at the command line anybody's."""
    if not actor.at_console and actor.person_id != person.id:
        raise NotFound
    secret = PREFIX + secrets.token_urlsafe(32)
    with writing():
        owner = found(select(Person).where(Person.id == person.id, Person.active), lock=True)
        _check_seat(owner, data.seat_id)
        now = clock.now()
        if len(live(owner.id)) >= MOST:
            raise Invalid(_("密钥太多了，请先停用不再使用的。"))
        token = Token(
            person_id=owner.id,
            seat_id=data.seat_id,
            label=data.label,
            token_hash=token_hash(secret),
            created_at=now,
            expires_at=now + timedelta(days=data.days),
        )
        db.session.add(token)
        db.session.flush()
        journal.record(
            "token.issued",
            subject=("token", token.id),
            by=actor,
            owner=owner.id,
            seat=token.seat_id,
        )
    return secret


def _check_seat(owner: Person, seat_id: int | None) -> None:
    if owner.role is not None:
        if seat_id is not None:
            raise Invalid(errors={"seat_id": _("管理员没有岗位。")})
        return
    held = db.session.scalar(
        select(Tenure.id)
        .join(Seat, Seat.id == Tenure.seat_id)
        .where(
            Tenure.person_id == owner.id,
            Tenure.seat_id == seat_id,
            Tenure.ended_at.is_(None),
            Seat.ended_at.is_(None),
        )
    )
    if held is None:
        raise Invalid(errors={"seat_id": _("请选择自己的一个岗位。")})


def live(person_id: int) -> list[Token]:
    """A person's keys that are neither revoked nor expired, newest first."""
    query = (
        select(Token)
        .options(joinedload(Token.seat).joinedload(Seat.agency))
        .where(
            Token.person_id == person_id,
            Token.revoked_at.is_(None),
            (Token.expires_at.is_(None)) | (Token.expires_at > clock.now()),
        )
        .order_by(Token.id.desc())
    )
    return list(db.session.scalars(query))


def revoke(actor: Actor, token_id: int) -> int:
    """End a key, one's own or (the security administrator) anybody's; returns whose it was."""
    with writing():
        token = found(select(Token).where(Token.id == token_id), lock=True)
        if not can(actor, "token.oversee"):
            require(actor, "token.own", token)
        if token.revoked_at is None:
            token.revoked_at = clock.now()
            journal.record("token.revoked", subject=("token", token.id), by=actor)
        return token.person_id
