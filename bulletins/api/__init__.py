"""The API of papers and receipts."""

from bulletins.api import (
    attachments,
    chain,
    ending,
    inbox,
    numbers,
    papers,
    receipts,
    relays,
    search,
    searches,
)
from bulletins.api.blueprint import bp

__all__ = [
    "attachments",
    "bp",
    "chain",
    "ending",
    "inbox",
    "numbers",
    "papers",
    "receipts",
    "relays",
    "search",
    "searches",
]
