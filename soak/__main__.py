"""``python -m soak``: kill web and worker at random points, count what is lost or doubled."""

import argparse
import sys
import time

from benchmarks.installation import ENGINES
from soak.ledger import Account
from soak.soak import soak


def main() -> None:
    """Soak both engines, or the one named; exits with 1 where anything is off."""
    parser = argparse.ArgumentParser(prog="python -m soak", description=__doc__)
    parser.add_argument("--seed", type=int, default=20180504, help="decides when is killed what")
    parser.add_argument("--kills", type=int, default=50, help="on each engine (50)")
    parser.add_argument("--recipients", type=int, default=2000, help="of each digest (2000)")
    parser.add_argument("--engine", choices=ENGINES, help="one engine only")
    given = parser.parse_args()
    faults = 0
    for engine in [given.engine] if given.engine else ENGINES:
        print(f"{engine}: {given.kills} kills, seed {given.seed}", flush=True)
        began = time.monotonic()
        account = soak(engine, given.seed, given.kills, given.recipients, say=_say)
        _show(account, time.monotonic() - began)
        faults += len(account.faults)
    sys.exit(1 if faults else 0)


def _say(line: str) -> None:
    print(f"  {line}", flush=True)


def _show(account: Account, took: float) -> None:
    counts = ", ".join(f"{number:,} {name}" for name, number in account.counts.items())
    print(f"  {counts}; {took:.0f} s")
    print(
        f"  lost {account.lost}, doubled {account.doubled} of {account.marked} marked as possible"
    )
    for fault in account.faults:
        print(f"  WRONG: {fault}")


if __name__ == "__main__":
    main()
