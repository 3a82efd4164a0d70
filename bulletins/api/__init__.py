"""The API of papers and receipts."""

from bulletins.api import attachments, ending, inbox, numbers, papers, receipts, search, searches
from bulletins.api.blueprint import bp

__all__ = [
    "attachments",
    "bp",
    "ending",
    "inbox",
    "numbers",
    "papers",
    "receipts",
    "search",
    "searches",
]
