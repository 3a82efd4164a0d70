"""Names of files as people gave them, made safe to show, to store and to send."""

import unicodedata
from urllib.parse import quote

from bulletins.filetypes import ENDINGS, SERVED, FileKind

NAME_LENGTH = 150
_FORBIDDEN = frozenset('<>:"/\\|?*')
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
)
"""What Windows refuses in names, and names that mean its devices."""


def safe_name(given: str, kind: FileKind) -> str:
    """The last part of a path without what could mislead or harm, with an ending true to ``kind``.

    At most NAME_LENGTH characters; Chinese stays as it is.
    """
    name = given.replace("\\", "/").rpartition("/")[2]
    name = unicodedata.normalize("NFC", name)
    kept = "".join("" if _is_hostile(one) else one for one in name)
    stem, dot, ending = " ".join(kept.split()).rstrip(". ").rpartition(".")
    if not dot:
        stem, ending = ending, ""
    endings = SERVED[kind].endings
    if ending.lower() not in endings:
        if ending and ending.lower() not in ENDINGS:
            stem = f"{stem}.{ending}"
        ending = endings[0]
    stem = stem.strip(". ")[: NAME_LENGTH - 1 - len(ending)] or "附件"
    if stem.lower().partition(".")[0] in _RESERVED:
        stem = f"_{stem}"[: NAME_LENGTH - 1 - len(ending)]
    return f"{stem}.{ending}"


def _is_hostile(character: str) -> bool:
    """Control, direction and private characters, halves of them, what no file system takes."""
    hidden = unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn")
    return hidden or character in _FORBIDDEN


def disposition(name: str) -> str:
    """The Content-Disposition of a download, by RFC 6266 with RFC 5987's encoding of the name."""
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    plain = "".join("_" if one in '"\\%;' else one for one in plain)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
