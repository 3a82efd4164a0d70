"""Tables that spreadsheets open: CSV and XLSX from the same cells."""

import csv
import io
from collections.abc import Iterable, Sequence
from enum import StrEnum
from importlib import import_module
from typing import IO

# What a spreadsheet runs as a formula, by OWASP's "CSV Injection"; the wide ones as East Asian
# keyboards type them.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")

Cell = str | int
Table = Iterable[Sequence[Cell]]
"""Rows of cells, the heads first."""


class Format(StrEnum):
    """How a table is written."""

    CSV = "csv"
    XLSX = "xlsx"


MEDIA_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe before what begins like one."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def unguarded(cell: str) -> str:
    """The cell as it was before ``guarded``."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def write(form: Format, table: Table, file: IO[bytes], *, is_large: bool = False) -> None:
    """Write a table; of a large workbook the rows go to the disk one by one.

    Raises OSError where there is no room.
    """
    if form == Format.CSV:
        _write_csv(table, file)
    else:
        _write_xlsx(table, file, {"constant_memory": True} if is_large else {"in_memory": True})


def _write_csv(table: Table, file: IO[bytes]) -> None:
    """UTF-8 with BOM, no cell that a spreadsheet takes for a formula."""
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    try:
        writer = csv.writer(text)
        for row in table:
            writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in row])
    finally:
        text.detach()


def _write_xlsx(table: Table, file: IO[bytes], memory: dict[str, bool]) -> None:
    """A workbook of one sheet: heads stand still, numbers are numbers, texts are never formulas."""
    writer = import_module("xlsxwriter")  # 2 MiB, and only for these
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        **memory,
    }
    try:
        with writer.Workbook(file, options) as book:
            sheet = book.add_worksheet()
            bold = book.add_format({"bold": True})
            sheet.freeze_panes(1, 2)
            sheet.set_column(0, 20, 16)
            for number, row in enumerate(table):
                for column, cell in enumerate(row):
                    sheet.write(number, column, cell, bold if not number else None)
    except writer.exceptions.FileCreateError as error:
        raise error.args[0] from error
