"""What of notifications hangs on an agency and moves with it."""

from flask_babel import lazy_gettext as _l

from agencies.holdings import Holding
from notifications.hooks.models import Endpoint
from notifications.models import Recipient

HOLDINGS = [
    Holding(
        name="outside_recipients",
        label=_l("外部收件人"),
        model=Recipient,
        column=Recipient.agency_id,
        of="agency",
        is_open=Recipient.ended_at.is_(None),
    ),
    Holding(
        name="endpoints",
        label=_l("系统对接"),
        model=Endpoint,
        column=Endpoint.agency_id,
        of="agency",
        is_open=Endpoint.ended_at.is_(None),
    ),
]
