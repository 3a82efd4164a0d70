"""``python -m benchmarks [NAME …]``: measure, and print one table."""

import argparse
import sys
from collections.abc import Callable, Iterable

from benchmarks import (
    composing,
    digests,
    growth,
    inbox,
    layout,
    memory,
    nation,
    publishing,
    relaying,
    search,
    sms,
)
from benchmarks.figures import Figure, table

ROWS: dict[str, Callable[[], Iterable[Figure]]] = {
    "publish": publishing.figures,
    "relay": relaying.figures,
    "inbox": inbox.figures,
    "growth": growth.figures,
    "digests": digests.figures,
    "composing": composing.figures,
    "nation": nation.figures,
    "memory": memory.figures,
    "search": search.figures,
    "layout": layout.figures,
    "sms": sms.figures,
}


def main() -> None:
    """Measure the rows named, or all; a figure that is missed is shown and no error."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", choices=[[], *ROWS], metavar="NAME", help=" ".join(ROWS)
    )
    names = parser.parse_args().names or list(ROWS)
    figures: list[Figure] = []
    for name in names:
        print(f"measuring: {name}", file=sys.stderr, flush=True)
        figures += ROWS[name]()
    print(table(figures))


if __name__ == "__main__":
    main()
