"""The permission table: a file for each folder, so that who adds a route adds a row beside its own.

What a row says is told in ``rows``.
"""

from collections.abc import Sequence

from tests.security.tables import (
    agencies,
    attachments,
    bulletins,
    config,
    coordination,
    endpoints,
    exports,
    home,
    library,
    notifications,
    people,
    questions,
)
from tests.security.tables.rows import Row

TABLE: Sequence[Row] = (
    *config.PAGES,
    *home.PAGES,
    *people.DOOR,
    *people.ACCOUNT,
    *people.ADMINISTERED,
    *people.API,
    *agencies.PAGES,
    *agencies.API,
    *exports.PAGES,
    *exports.API,
    *bulletins.PAGES,
    *bulletins.API,
    *attachments.PAGES,
    *attachments.API,
    *questions.PAGES,
    *questions.API,
    *library.PAGES,
    *library.API,
    *coordination.PAGES,
    *coordination.API,
    *notifications.PAGES,
    *notifications.API,
    *endpoints.PAGES,
    *endpoints.API,
)
