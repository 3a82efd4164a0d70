"""Reads the words of one document on standard input, and gives them as JSON: {"text", "whole"}.

Run as a program of its own (``services/inspecting.py`` does), because the document is a stranger's:
whatever it does to the reader, it does it within these limits, and to nobody else. ``whole`` is
false where the document holds more than was read. The only argument is the kind of file.
"""

import codecs
import html
import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from importlib import import_module

CPU_SECONDS = 10
MEMORY = 1024 * 1024 * 1024
MOST_CHARACTERS = 2_000_000
MOST_UNPACKED = 32 * 1024 * 1024
MOST_PAGES = 1000

# What looks or is wired up, and holds no words.
_WORDLESS = re.compile(r"(?:^|/)(?:_rels|theme|styles|settings|fontTable|webSettings|numbering)")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_ENDS = re.compile(
    r"</(?:\w+:)?(?:p|h|si|is|t[cr]|c|v|row|TextCode|Author|Title|Keywords?|Subject|Abstract"
    r"|title|creator|keywords?|subject|description|category|lastModifiedBy|initial-creator)>"
    r"|<(?:\w+:)?(?:br|cr|tab|line-break)\b[^<>]*>"
)
_ATTRIBUTE = re.compile(r"=\"([^\"<>]*)\"")
_EXIF = 0x8769
_WIDE_TAGS = frozenset({0x9286, *range(0x9C9B, 0x9CA0)})
"""EXIF's UserComment and what Windows writes (XPTitle to XPSubject): in UTF-16."""
_PICTURES = frozenset({"png", "jpeg", "gif", "bmp", "tiff", "webp"})
_TAG = re.compile(r"<[^<>]*>")


def of_package(data: bytes) -> Iterator[str]:
    """The words of OOXML, ODF and OFD: their text, notes and comments, title, author, keywords."""
    left = MOST_UNPACKED
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for member in package.infolist():
            if not member.filename.lower().endswith(".xml") or _WORDLESS.search(member.filename):
                continue
            with package.open(member) as content:
                source = content.read(left + 1)
            left -= len(source)
            if left < 0:
                raise MemoryError
            yield _of_xml(source)


def _of_xml(source: bytes) -> str:
    wide = source.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = source.decode("utf-16" if wide else "utf-8-sig", "replace")
    text = _CDATA.sub(lambda match: html.escape(match[1]), text)
    return html.unescape(_TAG.sub("", _ENDS.sub("\n", text)))


def of_pdf(data: bytes) -> Iterator[str]:
    """The words of a PDF: title, author, subject, keywords, and page by page."""
    document = import_module("pypdfium2").PdfDocument(data)  # slow to load, and only for these
    yield "\n".join(document.get_metadata_dict(skip_empty=True).values())
    for number in range(len(document)):
        if number == MOST_PAGES:
            raise MemoryError
        page = document[number]
        words = page.get_textpage()
        yield words.get_text_range()
        words.close()
        page.close()


def of_picture(data: bytes) -> Iterator[str]:
    """What a picture's file says beside the picture: comments, EXIF, XMP and IPTC."""
    picture = import_module("PIL.Image").open(io.BytesIO(data))
    yield from _of_info(picture.info)
    exif = picture.getexif()
    for tag, value in (*exif.items(), *exif.get_ifd(_EXIF).items()):
        yield from _said(value, is_wide=tag in _WIDE_TAGS)
    noted = import_module("PIL.IptcImagePlugin").getiptcinfo(picture) or {}
    for value in noted.values():
        for one in value if isinstance(value, list) else [value]:
            yield from _said(one)
    if picture.format == "PNG":
        picture.load()  # it may say more behind its pixels
        yield from _of_info(picture.info)


def _of_info(info: dict[object, object]) -> Iterator[str]:
    for name, value in info.items():
        if name in ("xmp", "XML:com.adobe.xmp"):
            source = value if isinstance(value, bytes) else str(value).encode()
            yield _of_xml(source)
            yield "\n".join(_ATTRIBUTE.findall(source.decode("utf-8", "replace")))
        elif name == "comment" or isinstance(value, str):
            yield from _said(value)


def _said(value: object, *, is_wide: bool = False) -> Iterator[str]:
    """The words of a field, in whichever encoding: formats name one, and programs use another."""
    if isinstance(value, str):
        yield value
        try:
            value = value.encode("latin-1")
        except UnicodeEncodeError:
            return
    if isinstance(value, bytes) and value:
        if is_wide:
            yield value.removeprefix(b"UNICODE\0").decode("utf-16-le", "replace")
            yield value.removeprefix(b"UNICODE\0").decode("utf-16-be", "replace")
        yield from of_text(value)


def of_text(data: bytes) -> Iterator[str]:
    """A plain text, in the encoding that it is written in."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield data.decode("utf-16", "replace")
        return
    try:
        yield data.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield data.decode("gb18030", "replace")


def read(kind: str, data: bytes) -> tuple[str, bool]:
    """The words, and whether they are all of them: those in a picture itself nobody reads."""
    reader = of_picture if kind in _PICTURES else _READERS.get(kind, of_package)
    found, left = [], MOST_CHARACTERS
    try:
        for part in reader(data):
            found.append(part[:left])
            left -= len(part)
            if left < 0:
                return "\n".join(found), False
    except MemoryError:
        return "\n".join(found), False
    return "\n".join(found), kind not in _PICTURES


_READERS = {"pdf": of_pdf, "text": of_text}


def main() -> None:
    """Read standard input within the limits; anything unforeseen ends it with a status."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    text, whole = read(sys.argv[1], sys.stdin.buffer.read())
    json.dump({"text": text, "whole": whole}, sys.stdout)


if __name__ == "__main__":
    main()
