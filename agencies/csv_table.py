"""Tables as Excel in China saves them: UTF-8 with or without BOM, GBK or GB18030; checked by line.

Pure: bytes in, lines or faults out.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask_babel import gettext as _

from config.errors import Invalid
from config.sheets import unguarded

BOM = "\ufeff".encode()
DELIMITERS = ",\t;"


@dataclass(frozen=True)
class Fault:
    """What is wrong with which line of a file (1 is the first; 0 the file as a whole)."""

    line: int
    reason: str

    def __str__(self) -> str:
        return _("第 %(line)s 行：%(reason)s", **vars(self)) if self.line else self.reason


class WrongLines(Invalid):
    """A file was refused as a whole; ``faults`` names every wrong line."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = sorted(faults, key=lambda fault: fault.line)
        summary = _("文件中有 %(count)s 处错误，没有导入任何内容。", count=len(faults))
        named = {
            str(line): str(Fault(line, " ".join(fault.reason for fault in found)))
            for line, found in groupby(self.faults, key=lambda fault: fault.line)
        }
        super().__init__(summary, errors=named)


def listed(faults: Iterable[Fault]) -> bytes:
    """Faults as CSV in UTF-8 with BOM, as Excel wants it: line (blank for the file) and reason."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([_("行号"), _("原因")])
    writer.writerows((fault.line or "", fault.reason) for fault in faults)
    return file.getvalue().encode("utf-8-sig")


@dataclass(frozen=True)
class Line:
    """A line of the table: its number in the file and its cells by column."""

    number: int
    cells: Mapping[str, str]


def decoded(data: bytes) -> str:
    """The text of a file; raises WrongLines for what is no text in UTF-8 or GB18030."""
    if not data.strip():
        raise WrongLines([Fault(0, _("文件是空的。"))])
    if b"\0" in data or data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise WrongLines(
            [Fault(0, _("这不是 CSV 文本文件。请在 Excel 中“另存为”CSV（逗号分隔）后再导入。"))]
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        broken = error
    if not data.startswith(BOM):
        try:
            return data.decode("gb18030")
        except UnicodeDecodeError as error:
            broken = error if _is_rather_gb18030(data) else broken
    line = data.count(b"\n", 0, broken.start) + 1
    raise WrongLines([Fault(line, _("有无法识别的字符，文件应为 UTF-8 或 GBK 编码。"))])


def _is_rather_gb18030(data: bytes) -> bool:
    def losses(encoding: str) -> int:
        return data.decode(encoding, errors="replace").count("\ufffd")

    return losses("gb18030") < losses("utf-8")


def lines(text: str, names: Mapping[str, str], required: Sequence[str]) -> Iterator[Line | Fault]:
    """The lines of a table whose header names columns by ``names`` (as written → as meant).

    Empty lines are passed over. Raises WrongLines for a header that can't be used.
    """
    head = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] | None = None
    number = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            yield Fault(number, _("引号不成对，或者这一行太长；其后的行没有再检查。"))
            return
        if cells is None:
            break
        at, number = number, reader.line_num + 1
        if not any(cell.strip() for cell in cells):
            continue
        if header is None:
            header = _header(at, cells, names, required)
        else:
            yield _line(at, cells, header)
    if header is None:
        raise WrongLines([Fault(0, _("文件是空的。"))])


def _header(
    number: int, cells: Sequence[str], names: Mapping[str, str], required: Sequence[str]
) -> list[str]:
    written = [unicodedata.normalize("NFKC", cell).strip().casefold() for cell in cells]
    while written and not written[-1]:
        written.pop()
    unknown = [cell[:30] for cell, name in zip(cells, written, strict=False) if name not in names]
    if unknown:
        reason = _("表头有不认识的列：%(columns)s。", columns="、".join(unknown))
        raise WrongLines([Fault(number, reason)])
    header = [names[name] for name in written]
    missing = [name for name in required if name not in header]
    if missing:
        reason = _("表头缺少列：%(columns)s。", columns="、".join(missing))
        raise WrongLines([Fault(number, reason)])
    if len(set(header)) < len(header):
        raise WrongLines([Fault(number, _("表头有重复的列。"))])
    return header


def _line(number: int, cells: list[str], header: Sequence[str]) -> Line | Fault:
    while len(cells) > len(header) and not cells[-1].strip():
        cells.pop()
    if len(cells) != len(header):
        return Fault(
            number,
            _("应有 %(wanted)s 列，实有 %(found)s 列。", wanted=len(header), found=len(cells)),
        )
    cleaned = [unguarded(" ".join(cell.split())) for cell in cells]
    for cell in cleaned:
        if not cell.isprintable():
            code = next(f"U+{ord(letter):04X}" for letter in cell if not letter.isprintable())
            return Fault(number, _("含有不可见的控制字符（%(code)s）。", code=code))
    return Line(number, dict(zip(header, cleaned, strict=True)))
