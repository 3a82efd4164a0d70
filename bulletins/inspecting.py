"""What the words of a file hold that a paper may not, or should not, bring along."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import structlog

from bulletins import classified, personal
from bulletins.filetypes import PICTURES, FileKind

READ = frozenset(
    {
        *(FileKind.PDF, FileKind.TEXT, FileKind.OFD),
        *(FileKind.DOCX, FileKind.XLSX, FileKind.PPTX),
        *(FileKind.ODT, FileKind.ODS, FileKind.ODP),
    }
)
"""Kinds whose words can be read; of pictures and of the old formats a person must judge.

Of a picture only what its file says beside it is read.
"""

MOST_BYTES = 50 * 1024 * 1024
SECONDS = 20
_READER = Path(__file__).with_name("contents.py")

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Inspection:
    """What was found in a file. ``is_read``: all of its words were seen, and there were some."""

    is_read: bool
    marking: str | None = None
    identities: int = 0
    cards: int = 0
    phones: int = 0


UNREAD = Inspection(is_read=False)


def inspect(kind: FileKind, file: IO[bytes], size: int) -> Inspection:
    """Read a seekable file, in a process of its own with limits to its time and memory.

    A file that can't be read, or not in time, is only that: ``UNREAD``, for a person to look at.
    """
    if kind not in READ | PICTURES or size > MOST_BYTES:
        return UNREAD
    try:
        answer = _words(kind, file)
        text, whole = str(answer["text"]), bool(answer["whole"])
    except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError) as error:
        log.warning("file_not_read", kind=str(kind), size=size, error=type(error).__name__)
        return UNREAD
    counts = Counter(
        number.kind for line in text.splitlines() for number in personal.numbers_in(line)
    )
    return Inspection(
        is_read=whole and bool(text.strip()),
        marking=classified.marking(text),
        identities=counts[personal.Kind.IDENTITY],
        cards=counts[personal.Kind.CARD],
        phones=counts[personal.Kind.PHONE],
    )


def text_of(kind: FileKind, file: IO[bytes], size: int) -> str:
    """The words of a seekable file, read likewise; empty where they can't be read."""
    if kind not in READ or size > MOST_BYTES:
        return ""
    try:
        return str(_words(kind, file)["text"])
    except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError) as error:
        log.warning("file_not_read", kind=str(kind), size=size, error=type(error).__name__)
        return ""


def _words(kind: FileKind, file: IO[bytes]) -> dict[str, object]:
    file.seek(0)
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(file, copy)
        copy.seek(0)
        done = subprocess.run(
            [sys.executable, "-I", str(_READER), str(kind)],
            stdin=copy,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"LANG": "C.UTF-8"},
            timeout=SECONDS,
            check=True,
        )
    answer: dict[str, object] = json.loads(done.stdout)
    return answer
