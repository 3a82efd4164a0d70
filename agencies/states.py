"""The kinds, levels and roles of agencies and people."""

from datetime import UTC, datetime
from enum import StrEnum


class Level(StrEnum):
    """The level of government at which an agency stands; enterprises and associations too."""

    NATION = "nation"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"


class AgencyKind(StrEnum):
    """What an agency is; a government and a congress (with its standing committee) of any level."""

    BUREAU = "bureau"
    GOVERNMENT = "government"
    CONGRESS = "congress"
    ASSOCIATION = "association"
    ENTERPRISE = "enterprise"
    OFFICE = "office"


class SeatKind(StrEnum):
    READER = "reader"
    CLERK = "clerk"
    APPROVER = "approver"
    LIAISON = "liaison"
    DUTY = "duty"


class AdminRole(StrEnum):
    """The three administrators (三员); no person can be more than one."""

    SYSTEM = "system"
    SECURITY = "security"
    AUDIT = "audit"


class Channel(StrEnum):
    """How a person is reached outside the pages."""

    MAIL = "mail"
    SMS = "sms"


class Way(StrEnum):
    """How an invitation reaches the person invited."""

    MAIL = "mail"
    SMS = "sms"
    SLIP = "slip"


LOCKED_FOR_GOOD = datetime(9000, 1, 1, tzinfo=UTC)
"""Locked until somebody unlocks."""

FREE_FAILURES = 4
LONGEST_LOCK = 60


def lock_minutes(failures: int) -> int:
    """For how many minutes an account is locked after so many failures in a row: 5, 10, 20 … 60."""
    if failures <= FREE_FAILURES:
        return 0
    return int(min(5 * 2 ** min(failures - FREE_FAILURES - 1, 8), LONGEST_LOCK))
