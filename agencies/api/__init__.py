"""The API of agencies, people and the journal."""

from agencies.api import absences, accounts, agencies, calendar, journal, people, seats
from agencies.api.blueprint import bp

__all__ = ["absences", "accounts", "agencies", "bp", "calendar", "journal", "people", "seats"]
