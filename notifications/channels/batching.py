"""Batches for clouds: what goes out in one call."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from notifications.channels.base import Parcel


def batches(parcels: Sequence[Parcel], alike: int, unlike: int) -> Iterator[Sequence[Parcel]]:
    """``parcels`` in batches that share a template and signature, no number twice in one.

    ``alike`` of them fit into a batch where all say the same, ``unlike`` where each has words of
    its own.
    """
    kinds: dict[tuple[str, str], list[Parcel]] = defaultdict(list)
    for parcel in parcels:
        assert parcel.form is not None
        kinds[parcel.form.code, parcel.form.sign].append(parcel)
    for some in kinds.values():
        yield from _of_one_kind(some, alike, unlike)


def _of_one_kind(parcels: Sequence[Parcel], alike: int, unlike: int) -> Iterator[Sequence[Parcel]]:
    rest = list(parcels)
    while rest:
        taken: list[Parcel] = []
        later: list[Parcel] = []
        numbers: set[str] = set()
        most = alike if all(one.form == rest[0].form for one in rest) else unlike
        for parcel in rest:
            if parcel.address in numbers or len(taken) == most:
                later.append(parcel)
            else:
                numbers.add(parcel.address)
                taken.append(parcel)
        yield taken
        rest = later
