"""The API of papers and receipts."""

from bulletins.api import inbox, numbers, papers, receipts, search
from bulletins.api.blueprint import bp

__all__ = ["bp", "inbox", "numbers", "papers", "receipts", "search"]
