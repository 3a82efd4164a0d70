"""The API of agencies, people and the journal."""

from agencies.api import agencies, journal, people
from agencies.api.blueprint import bp

__all__ = ["agencies", "bp", "journal", "people"]
