"""What a file is, by its content alone: the kinds that may be attached, and nothing else.

A name proves nothing, and a file that can be read as two things at once is refused: one reader
would see a picture, another an archive or a page with a script.
"""

import codecs
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import IO

from flask_babel import gettext as _

from bulletins import packages
from bulletins.packages import Unacceptable

MOST_PIXELS = 100_000_000
"""A picture of more is refused: a few kilobytes could fill the memory of whoever opens it."""

_HEAD = 4096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_ACTIVE = (b"<script", b"<html", b"<!doctype", b"<svg", b"<?php", b"<?xml", b"<iframe")
_FOREIGN = (*_ACTIVE, b"%pdf-")
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f") | {127}


class FileKind(StrEnum):
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    DOC = "doc"
    XLS = "xls"
    PPT = "ppt"
    ODT = "odt"
    ODS = "ods"
    ODP = "odp"
    OFD = "ofd"
    PNG = "png"
    JPEG = "jpeg"
    GIF = "gif"
    BMP = "bmp"
    TIFF = "tiff"
    WEBP = "webp"
    TEXT = "text"


@dataclass(frozen=True)
class Served:
    """How a kind is named and served: its media type, the endings it may have, the usual first."""

    media_type: str
    endings: tuple[str, ...]


_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."

SERVED: dict[FileKind, Served] = {
    FileKind.PDF: Served("application/pdf", ("pdf",)),
    FileKind.DOCX: Served(_OOXML + "wordprocessingml.document", ("docx", "wps")),
    FileKind.XLSX: Served(_OOXML + "spreadsheetml.sheet", ("xlsx", "et")),
    FileKind.PPTX: Served(_OOXML + "presentationml.presentation", ("pptx", "dps", "ppsx")),
    FileKind.DOC: Served("application/msword", ("doc", "wps", "wpt", "dot")),
    FileKind.XLS: Served("application/vnd.ms-excel", ("xls", "et", "ett")),
    FileKind.PPT: Served("application/vnd.ms-powerpoint", ("ppt", "dps", "pps")),
    FileKind.ODT: Served(_ODF + "text", ("odt",)),
    FileKind.ODS: Served(_ODF + "spreadsheet", ("ods",)),
    FileKind.ODP: Served(_ODF + "presentation", ("odp",)),
    FileKind.OFD: Served("application/ofd", ("ofd",)),
    FileKind.PNG: Served("image/png", ("png",)),
    FileKind.JPEG: Served("image/jpeg", ("jpg", "jpeg", "jpe", "jfif")),
    FileKind.GIF: Served("image/gif", ("gif",)),
    FileKind.BMP: Served("image/bmp", ("bmp",)),
    FileKind.TIFF: Served("image/tiff", ("tif", "tiff")),
    FileKind.WEBP: Served("image/webp", ("webp",)),
    FileKind.TEXT: Served("text/plain", ("txt", "csv", "md", "log")),
}

PICTURES = frozenset(
    {
        FileKind.PNG,
        FileKind.JPEG,
        FileKind.GIF,
        FileKind.BMP,
        FileKind.TIFF,
        FileKind.WEBP,
    }
)
PREVIEWED = PICTURES | {FileKind.PDF}
ENDINGS = {ending for served in SERVED.values() for ending in served.endings}


def detect(file: IO[bytes], size: int) -> FileKind:
    """The kind of a seekable file of ``size`` bytes; raises Unacceptable with the reason."""
    file.seek(0)
    head = file.read(_HEAD)
    file.seek(max(0, size - _HEAD))
    tail = file.read(_HEAD)
    if head.startswith(_ZIP):
        return FileKind(packages.zip_kind(file, size))
    if zipfile.is_zipfile(file):
        raise _two_in_one()
    if head.startswith(_OLE):
        return FileKind(packages.ole_kind(file))
    if head.startswith(b"%PDF-"):
        return _pdf(head, tail)
    for kind, begins in _PICTURES.items():
        if begins(head):
            return _picture(kind, file, head, tail)
    return _text(file, head)


def _two_in_one() -> Unacceptable:
    return Unacceptable(_("文件内容混有两种格式，可能有害。请用原来的软件重新保存一份再上传。"))


def _pdf(head: bytes, tail: bytes) -> FileKind:
    if b"%%EOF" not in tail[-2048:]:
        raise Unacceptable(_("PDF 文件不完整，请重新生成后再上传。"))
    if any(mark in head.lower() for mark in (b"<html", b"<!doctype html", b"<?php")):
        raise _two_in_one()
    return FileKind.PDF


_PICTURES: dict[FileKind, Callable[[bytes], bool]] = {
    FileKind.PNG: lambda head: head.startswith(b"\x89PNG\r\n\x1a\n"),
    FileKind.JPEG: lambda head: head.startswith(b"\xff\xd8\xff"),
    FileKind.GIF: lambda head: head.startswith((b"GIF87a", b"GIF89a")),
    FileKind.BMP: lambda head: head.startswith(b"BM") and head[6:10] == bytes(4),
    FileKind.TIFF: lambda head: head.startswith((b"II*\0", b"MM\0*")),
    FileKind.WEBP: lambda head: head.startswith(b"RIFF") and head[8:12] == b"WEBP",
}


def _picture(kind: FileKind, file: IO[bytes], head: bytes, tail: bytes) -> FileKind:
    if any(mark in part.lower() for part in (head[:512], tail[-1024:]) for mark in _FOREIGN):
        raise _two_in_one()
    image = import_module("PIL.Image")  # 2 MiB, and only for these
    file.seek(0)
    try:
        with image.open(file, formats=[kind.name]) as picture:
            width, height = picture.size
    except (image.DecompressionBombError, image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except (
        OSError,
        ValueError,
        SyntaxError,
        OverflowError,
    ) as error:  # of an unknown kind: OSError
        raise Unacceptable(_("图片已损坏，打不开。")) from error
    if width * height > MOST_PIXELS:
        raise _too_many_pixels()
    return kind


def _too_many_pixels() -> Unacceptable:
    return Unacceptable(_("图片超过 1 亿像素，请缩小后再上传。"))


def _text(file: IO[bytes], head: bytes) -> FileKind:
    start = head[:1024].replace(b"\0", b"").lower()
    if any(mark in start for mark in _ACTIVE):
        raise Unacceptable(_("不接受网页、SVG 和 XML 文件，因为它们可以带有脚本。请另存为 PDF。"))
    if b"%pdf-" in start:
        raise _two_in_one()
    for encoding in _encodings(head):
        if _reads_as(file, encoding):
            return FileKind.TEXT
    raise Unacceptable(
        _(
            "认不出这个文件的格式。可以上传 PDF、OFD、WPS 与 Office 文档、图片和文本；"
            "压缩包请解开后把文件分别上传。"
        )
    )


def _encodings(head: bytes) -> tuple[str, ...]:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    return ("utf-8-sig", "gb18030")


def _reads_as(file: IO[bytes], encoding: str) -> bool:
    """Whether all of the file is text in that encoding, without control characters."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := file.read(256 * 1024):
            if not _CONTROLS.isdisjoint(map(ord, set(decoder.decode(chunk)))):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
