"""How people are reached: addresses in one form, codes that prove them, and which ones count."""

import hashlib
import hmac
import unicodedata
from collections.abc import Collection
from datetime import timedelta

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from agencies.models import Contact, Person
from agencies.states import Channel
from config.database import db
from config.errors import Invalid

CODE_VALID_FOR = timedelta(minutes=10)
TRIES = 5
HOME_REGION = "CN"


def code(contact: Contact) -> str:
    """The six digits that prove an address: derived from when they were asked for, never stored."""
    if contact.code_sent_at is None:
        raise ValueError("no code was asked for")
    key = current_app.config["SECRET_KEY"].encode()
    body = f"contact:{contact.id}:{contact.address}:{contact.code_sent_at.isoformat()}"
    digest = hmac.new(key, body.encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8]) % 1_000_000:06d}"


def plain(typed: str) -> str:
    """What was typed for a code: without blanks, in ASCII where an input method widened it."""
    return "".join(unicodedata.normalize("NFKC", typed).split())


def normal_address(channel: Channel, typed: str, field: str = "address") -> str:
    """A mail address, or a phone number as E.164; raises Invalid at ``field``."""
    try:
        return normal_mail(typed) if channel == Channel.MAIL else normal_phone(typed)
    except ValueError as error:
        raise Invalid(errors={field: str(error)}) from error


def normal_mail(typed: str) -> str:
    """A mail address as it is kept; raises ValueError in the user's words."""
    try:
        checked = validate_email(
            unicodedata.normalize("NFKC", typed).strip(),
            check_deliverability=False,
            test_environment=True,
            allow_smtputf8=False,
        )
    except EmailNotValidError as error:
        raise ValueError(_("邮箱地址不对，例如 name@example.gov.cn。")) from error
    return checked.normalized


def normal_phone(typed: str) -> str:
    """A mobile number as E.164; raises ValueError in the user's words."""
    mobile = (
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    )
    try:
        number = phonenumbers.parse(typed, HOME_REGION)
        known = phonenumbers.is_valid_number(number)
    except phonenumbers.NumberParseException:
        known = False
    if not known or phonenumbers.number_type(number) not in mobile:
        raise ValueError(_("手机号不对，例如 13800138000。"))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def verified_addresses(person_ids: Collection[int], channel: Channel) -> dict[int, str]:
    """The verified addresses of people who can sign in, by person id."""
    rows = db.session.execute(
        select(Contact.person_id, Contact.address)
        .join(Person, Person.id == Contact.person_id)
        .where(
            Contact.person_id.in_(person_ids),
            Contact.channel == channel,
            Contact.verified_at.is_not(None),
            Person.active,
        )
    )
    return {row.person_id: row.address for row in rows}
