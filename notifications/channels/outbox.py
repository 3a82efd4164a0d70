"""The channel that needs no provider: each message becomes a file, which a page shows."""

import os
from collections.abc import Sequence
from pathlib import Path

from notifications.channels.base import Parcel, Result, Sent
from notifications.states import Action


class Outbox:
    """Writes ``<ref>.eml`` for mail and ``<ref>.txt`` for SMS; sent again, it is the same file."""

    chunk = 100

    def __init__(self, folder: Path, suffix: str) -> None:
        self._folder = folder
        self._suffix = suffix
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def send(self, parcels: Sequence[Parcel], seconds: float) -> Sent:
        """Write each parcel whole or not at all."""
        sent = Sent()
        for parcel in parcels:
            try:
                self._write(parcel)
            except OSError as error:
                sent.down = error.strerror or type(error).__name__
                break
            sent.results.append(Result(parcel.delivery_id, Action.ACCEPT, "written"))
        return sent

    def _write(self, parcel: Parcel) -> None:
        head = b"" if self._suffix == ".eml" else f"To: {parcel.address}\n\n".encode()
        path = self._folder / f"{parcel.ref}{self._suffix}"
        half = path.with_suffix(".part")
        half.write_bytes(head + parcel.body)
        os.replace(half, path)

    def close(self) -> None:
        """Nothing is held open."""
