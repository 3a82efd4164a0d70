"""``python -m soak``: break everything at moments drawn from a seed, count what is lost or doubled.

First web and worker are killed again and again, on each engine; then comes a storm over several
hosts' processes, with RabbitMQ, in which every part breaks in turn while digests go out.
"""

import argparse
import sys
import time

from benchmarks.installation import ENGINES
from soak.ledger import Account
from soak.soak import soak
from soak.storm import Size, storm

STORM = 20_000


def main() -> None:
    """Soak both engines, or the one named; exits with 1 where anything is off."""
    parser = argparse.ArgumentParser(prog="python -m soak", description=__doc__)
    parser.add_argument("--seed", type=int, default=20180504, help="decides when is killed what")
    parser.add_argument("--kills", type=int, default=50, help="on each engine (50)")
    parser.add_argument("--recipients", type=int, default=2000, help="of each digest (2000)")
    parser.add_argument("--engine", choices=ENGINES, help="one engine only, and no storm")
    parser.add_argument("--storm", type=int, metavar="DIGESTS", help="only a storm over so many")
    given = parser.parse_args()
    faults = 0
    engines = [given.engine] if given.engine else [] if given.storm else ENGINES
    for engine in engines:
        print(f"{engine}: {given.kills} kills, seed {given.seed}", flush=True)
        began = time.monotonic()
        account = soak(engine, given.seed, given.kills, given.recipients, say=_say)
        _show(account, time.monotonic() - began)
        faults += len(account.faults)
    if not given.engine:
        faults += _storm(given.seed, given.storm or STORM)
    sys.exit(1 if faults else 0)


def _storm(seed: int, recipients: int) -> int:
    """Let a storm rage; how much is wrong after it."""
    print(f"storm: {recipients:,} digests, seed {seed}", flush=True)
    began = time.monotonic()
    found = storm(seed, Size(recipients, rounds=3, seconds=5.0, killing=True), _say)
    print(
        f"  {found.digests:,} digests, {found.arrived:,} arrived, {found.failed:,} failed for good"
        f", {found.unknown:,} in doubt; {time.monotonic() - began:.0f} s"
    )
    print(f"  lost {found.lost}, doubled {found.doubled} of {found.unknown} in doubt")
    for fault in found.faults:
        print(f"  WRONG: {fault}")
    return len(found.faults)


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
