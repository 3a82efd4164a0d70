"""Hostile markup that others publish: the tests of sanitisers, in their source packages.

They are fetched by pip, pinned by version and hash (``published.txt``), kept under ``build`` and
only read: nothing of them is installed, run or part of this project.
"""

import ast
import doctest
import hashlib
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).parents[2]
PINS = Path(__file__).with_name("published.txt")
FOLDER = ROOT / "build" / "published"
PINNED = re.compile(r"^([\w-]+)==(\S+) --hash=sha256:(\w{64})$", re.M)
WORTH = re.compile(r"<.*[\w/]|&#|script:|data:", re.S)
"""What may be markup or an address; other words in a test's source are none of our business."""


class Unfetched(Exception):
    """A collection could not be fetched; says which and why, in one line."""


def versions() -> dict[str, str]:
    """The version that is pinned of each package."""
    return {name: version for name, version, _hash in PINNED.findall(PINS.read_text())}


def cases() -> dict[str, list[str]]:
    """The pieces of hostile markup in each package, by its name; raises Unfetched."""
    some = {}
    for name, version, known in PINNED.findall(PINS.read_text()):
        archive = FOLDER / f"{name.replace('-', '_')}-{version}.tar.gz"
        if not _is_whole(archive, known):
            _fetch()
        if not _is_whole(archive, known):
            raise Unfetched(f"{name} {version} was fetched, but {archive.name} is not there.")
        some[name] = list(dict.fromkeys(one for one in _pieces(archive) if WORTH.search(one)))
    return some


def _is_whole(archive: Path, known: str) -> bool:
    return archive.exists() and hashlib.sha256(archive.read_bytes()).hexdigest() == known


def _fetch() -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--no-binary", ",".join(versions()), "--require-hashes"]
    command += ["--retries", "2", "--timeout", "20", "-r", str(PINS), "-d", str(FOLDER)]
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    except subprocess.TimeoutExpired:
        raise Unfetched("pip could not fetch the published tests within two minutes.") from None
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        why = said[0] if said else f"it ended with {done.returncode}"
        raise Unfetched(f"pip could not fetch the published tests of {PINS.name}: {why}")


def _pieces(archive: Path) -> Iterator[str]:
    """What stands in the data and, as texts between quotes, in the sources of the tests."""
    with tarfile.open(archive) as packed:
        for member in sorted(packed.getnames()):
            folder, _, name = member.partition("/tests/")[2].rpartition("/")
            if not name.endswith((".test", ".py", ".txt")) or folder not in ("", "data"):
                continue
            file = packed.extractfile(member)
            text = file.read().decode() if file else ""
            if name.endswith(".test"):  # given and expected, parted by a line of dashes
                yield text.partition("\n--\n")[0].strip()
            elif name.endswith(".py"):
                yield from _quoted(text)
            else:
                for example in doctest.DocTestParser().get_examples(text):
                    for piece in _quoted(example.source):
                        yield from (piece, *piece.splitlines())


def _quoted(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value.strip()


class _Addresses(HTMLParser):
    """Keeps the values of attributes: what would be an address somewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for _name, value in attrs if value and ":" in value]


def addresses(piece: str) -> list[str]:
    """The addresses in a piece of markup, with its entities read and as they stand."""
    reader = _Addresses()
    reader.feed(piece)
    reader.close()
    return [*reader.found, *re.findall(r"""(?:href|src)=["']?([^"'>\s]+:[^"'>]*)""", piece, re.I)]
