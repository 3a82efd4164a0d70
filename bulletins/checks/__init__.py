"""What bulletins themselves look at before a paper is published; later folders add their own."""

from bulletins.checks import (
    asking,
    budget,
    classification,
    length,
    links,
    number,
    outside_links,
    personal,
    rules,
    similar,
    unread,
)
from bulletins.ports import CHECKS

OWN = (
    classification.CHECK,
    rules.CHECK,
    asking.CHECK,
    number.CHECK,
    unread.CHECK,
    personal.CHECK,
    links.CHECK,
    outside_links.CHECK,
    length.CHECK,
    similar.CHECK,
    budget.CHECK,
)


def fill() -> None:
    """Put the checks before publishing."""
    CHECKS.extend(check for check in OWN if check not in CHECKS)
