"""Invitations: a link and a short code, signed when they are composed, each good for one use."""

import base64
import hashlib
import hmac
from datetime import timedelta

from flask import current_app
from itsdangerous import Signer
from sqlalchemy import select

from agencies.contacts import plain
from agencies.models import Invitation, Person
from agencies.states import Way
from config import clock
from config.database import db

PATH = "/invitation/"
VALID_FOR = timedelta(days=7)


def _signer(nonce: str) -> Signer:
    return Signer(current_app.config["SECRET_KEY"], salt=f"invitation:{nonce}")


def token(invitation: Invitation) -> str:
    """The word in the link: the invitation's id, signed with its nonce."""
    return _signer(invitation.nonce).sign(str(invitation.id)).decode()


def link(invitation: Invitation) -> str:
    """The absolute address at which the person invited sets their password."""
    base: str = current_app.extensions["settings"].base_url
    return base.rstrip("/") + PATH + token(invitation)


def short_code(invitation: Invitation) -> str:
    """What a printed slip says to type in: 12 letters and digits (60 bits), never stored."""
    key = current_app.config["SECRET_KEY"].encode()
    body = f"slip:{invitation.id}:{invitation.nonce}".encode()
    letters = base64.b32encode(hmac.new(key, body, hashlib.sha256).digest())[:12].decode()
    return "-".join((letters[:4], letters[4:8], letters[8:]))


def _is_live(invitation: Invitation) -> bool:
    return invitation.used_at is None and invitation.expires_at > clock.now()


def by_token(word: str) -> Invitation | None:
    """The live invitation of a link; None for a forged, used or expired one."""
    number = word.partition(".")[0]
    if not number.isascii() or not number.isdecimal() or len(number) > 18:
        return None
    invitation = db.session.get(Invitation, int(number))
    if invitation is None:
        return None
    if not hmac.compare_digest(token(invitation).encode(), word.encode("utf-8", "replace")):
        return None
    return invitation if _is_live(invitation) else None


def by_code(username: str, code: str) -> Invitation | None:
    """The live slip of a person with that user name and code; None where there is none."""
    typed = "".join(letter for letter in plain(code).upper() if letter.isalnum())
    typed = typed.replace("0", "O").replace("1", "I")  # base32 has neither digit
    slips = db.session.scalars(
        select(Invitation)
        .join(Person, Person.id == Invitation.person_id)
        .where(
            Person.username == plain(username).casefold(),
            Person.active,
            Invitation.way == Way.SLIP,
            Invitation.used_at.is_(None),
        )
        .order_by(Invitation.id.desc())
        .limit(5)
    )
    for slip in slips:
        wanted = short_code(slip).replace("-", "").encode()
        if hmac.compare_digest(wanted, typed.encode()) and _is_live(slip):
            return slip
    return None
