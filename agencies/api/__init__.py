"""The API of agencies, people and the journal."""

from agencies.api import absences, agencies, journal, people
from agencies.api.blueprint import bp

__all__ = ["absences", "agencies", "bp", "journal", "people"]
