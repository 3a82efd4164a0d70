"""What goes out: who gets it, when, what it says, and what became of it."""

from notifications.models.alerts import Alert, AlertCursor, Escalation
from notifications.models.deliveries import Delivery, Message
from notifications.models.joining import JoinLink
from notifications.models.ledger import Attempt, Named, NamedPart, Stop
from notifications.models.owed import Digest, Notice
from notifications.models.recipients import Recipient, Subscription
from notifications.models.returns import LostReader, ReturnedMail
from notifications.models.ways import ChannelPause, Pace

__all__ = [
    "Alert",
    "AlertCursor",
    "Attempt",
    "ChannelPause",
    "Delivery",
    "Digest",
    "Escalation",
    "JoinLink",
    "LostReader",
    "Message",
    "Named",
    "NamedPart",
    "Notice",
    "Pace",
    "Recipient",
    "ReturnedMail",
    "Stop",
    "Subscription",
]
