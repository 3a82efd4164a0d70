"""The API of papers and receipts."""

from bulletins.api import (
    attachments,
    budget,
    chain,
    checks,
    corrections,
    ending,
    inbox,
    library,
    numbers,
    official,
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
    "budget",
    "chain",
    "checks",
    "corrections",
    "ending",
    "inbox",
    "library",
    "numbers",
    "official",
    "papers",
    "questions",
    "receipts",
    "relays",
    "reviews",
    "search",
    "searches",
]
