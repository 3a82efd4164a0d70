"""What went out by SMS this month, for the metrics."""

from collections.abc import Iterator

from config.figures import Figure
from notifications.texting.queries import usage


def figures() -> Iterator[Figure]:
    """Parts by way out, what they cost beside the budget, and ways that fail."""
    month = usage()
    for way in month.ways:
        label = {"route": way.name}
        yield Figure("sms_parts_month", "Parts sent by SMS this month", way.parts, label)
        yield Figure(
            "sms_route_failing",
            "Whether a way out for SMS fails so often that others are used",
            float(way.trouble is not None),
            label,
        )
    yield Figure("sms_cost_month_yuan", "What this month's SMS cost, by the prices set", month.cost)
    yield Figure("sms_budget_yuan", "The budget for a month's SMS, 0 for none", month.budget)
