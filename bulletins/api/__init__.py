"""The API of papers and receipts."""

from bulletins.api import inbox, papers, receipts, search
from bulletins.api.blueprint import bp

__all__ = ["bp", "inbox", "papers", "receipts", "search"]
