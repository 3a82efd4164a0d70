"""Agencies: whom to ask there."""

from zoneinfo import available_timezones

from flask_babel import gettext as _
from sqlalchemy import select

from agencies.actors import Actor
from agencies.inputs import AgencyInput
from agencies.models import Agency
from agencies.permissions import require
from agencies.services.imports import LOCK
from config import journal
from config.database import advisory_lock, found, writing
from config.errors import Invalid


def edit(actor: Actor, agency_id: int, data: AgencyInput) -> Agency:
    """Change whom to ask at an agency, and its zone."""
    require(actor, "agency.edit")
    if data.timezone and data.timezone not in available_timezones():
        raise Invalid(errors={"timezone": _("没有这个时区，例如 Asia/Urumqi。")})
    with writing():
        advisory_lock(LOCK)  # an import writes back what it read
        agency = found(select(Agency).where(Agency.id == agency_id), lock=True)
        agency.contact_name = data.contact_name
        agency.contact_phone = data.contact_phone
        agency.contact_mail = data.contact_mail
        agency.timezone = data.timezone or None
        journal.record(
            "agency.edited", subject=("agency", agency.id), agency_id=agency.id, by=actor
        )
    return agency
