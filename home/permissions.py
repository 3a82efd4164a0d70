"""Who may do what on the first pages."""

from agencies.permissions import Rule

RULES: dict[str, Rule] = {
    "home.read": Rule(anyone=True),
}
