"""The API of papers and receipts."""

from bulletins.api import (
    attachments,
    chain,
    corrections,
    ending,
    inbox,
    numbers,
    papers,
    questions,
    receipts,
    relays,
    reviews,
    search,
    searches,
)
from bulletins.api.blueprint import bp

__all__ = [
    "attachments",
    "bp",
    "chain",
    "corrections",
    "ending",
    "inbox",
    "numbers",
    "papers",
    "questions",
    "receipts",
    "relays",
    "reviews",
    "search",
    "searches",
]
