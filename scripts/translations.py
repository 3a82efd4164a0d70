"""The English catalogue: ``python -m scripts.translations update|compile|check``.

The texts in the code are Chinese and are the message ids themselves; English is the one
translation. No line numbers or dates are kept in the catalogue, so that two changes seldom clash.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
CATALOGUE = ROOT / "translations/en/LC_MESSAGES/messages.po"
FOLDERS = (
    "config",
    "agencies",
    "bulletins",
    "coordination",
    "notifications",
    "home",
    "demo",
    "templates",
)
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
# A template with a mistake stops the extraction instead of losing its texts.
OPTIONS = {pattern: {"silent": "false"} for pattern, method in METHODS if method == "jinja2"}
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
}


def extracted() -> Catalog:
    """Every text of the code and the templates, not translated."""
    catalog = Catalog()
    for folder in FOLDERS:
        found = extract_from_dir(ROOT / folder, METHODS, OPTIONS, KEYWORDS)
        for _file, _line, message, _comments, context in found:
            catalog.add(message, context=context)
    return catalog


def stored() -> Catalog:
    """The catalogue as it is kept."""
    if not CATALOGUE.exists():
        return Catalog(locale="en")
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def updated() -> Catalog:
    """The stored catalogue with exactly the texts there are now."""
    catalog = stored()
    catalog.update(extracted(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return catalog


def as_text(catalog: Catalog) -> bytes:
    """The catalogue as its file holds it."""
    file = io.BytesIO()
    write_po(file, catalog, width=100, no_location=True, omit_header=True, sort_output=True)
    head = 'msgid ""\nmsgstr ""\n"Language: en\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    plural = '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    return (head + plural).encode() + file.getvalue()


def faults(catalog: Catalog) -> Iterator[str]:
    """What is wrong with the catalogue, a line each."""
    for message in catalog:
        if not message.id:
            continue
        if not translated(message):
            yield f"not translated: {message.id!r}"
        for error in message.check(catalog):
            yield f"{error}: {message.id!r}"


def translated(message: Message) -> bool:
    """Whether every form of the message has its text."""
    texts = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    return all(texts) and not message.fuzzy


def compile_catalogue() -> None:
    """Write the file that the running service reads."""
    with CATALOGUE.with_suffix(".mo").open("wb") as file:
        write_mo(file, stored())


def check() -> None:
    """Stop with the faults, if there are any."""
    catalog = updated()
    found = list(faults(catalog))
    if as_text(catalog) != CATALOGUE.read_bytes():
        found.append("the catalogue is not up to date: run `make translations`")
    if found:
        sys.exit("\n".join(found))


def update() -> None:
    """Take in new texts and drop old ones, and say how many wait for English."""
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    catalog = updated()
    CATALOGUE.write_bytes(as_text(catalog))
    waiting = sum(1 for message in catalog if message.id and not translated(message))
    print(f"{len(catalog)} texts, {waiting} of them not translated")


if __name__ == "__main__":
    commands = {"update": update, "compile": compile_catalogue, "check": check}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        sys.exit(f"usage: python -m scripts.translations {'|'.join(commands)}")
    commands[sys.argv[1]]()
