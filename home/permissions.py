"""Who may do what on the first pages."""

from agencies.permissions import ALL_ROLES, ALL_SEATS, Rule

RULES: dict[str, Rule] = {
    "home.read": Rule(seats=ALL_SEATS, roles=ALL_ROLES),
}
