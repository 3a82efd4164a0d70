"""A paper's chain as a table for spreadsheets: CSV and XLSX from the same cells."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from typing import Any

from flask_babel import gettext as _

from bulletins import labels
from bulletins.states import Fact
from bulletins.steps_taken import Steps
from config.http import localtime
from config.sheets import guarded

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int
Table = Iterable[Sequence[Cell]]
"""Rows of cells, the heads first."""

_NAMED = (Fact.OPENED, Fact.ACKNOWLEDGED, Fact.RELAYED, Fact.ACTED)


def chain_table(rows: Iterable[Any], steps: Steps) -> Iterator[Sequence[Cell]]:
    """Each receipt of ``rows`` with its way, facts, people and working days between the steps."""
    facts = [fact for fact in Fact if fact != Fact.SENT]
    heads = [_("代码"), _("机构"), _("上级机构"), _("方式"), _("经由"), labels.fact(Fact.SENT)]
    for fact in facts:
        heads += [labels.fact(fact), _("%(fact)s用时（工作日）", fact=labels.fact(fact))]
        heads += [_("%(fact)s人", fact=labels.fact(fact))] if fact in _NAMED else []
    yield [*heads, _("正在等待"), _("已等待（工作日）")]
    for row in rows:
        taken = {step.fact: step for step in steps.of(row)}
        cells: list[Cell] = [row.code, row.name, row.parent or "", way(row), row.via or ""]
        cells.append(localtime(row.sent_at))
        waiting = ""
        waited: Cell = ""
        for fact in facts:
            step = taken.get(fact)
            done = step if step and step.at else None
            cells += [localtime(done.at) if done else "", done.days if done else ""]
            if fact in _NAMED:
                cells.append(getattr(row, f"{fact}_name") or "")
            if step and not step.at:
                waiting, waited = labels.fact(fact), step.days
        yield [*cells, waiting, waited]


def way(row: Any) -> str:
    """How a receipt came: from the issuer, by a relay, or straight by the paper's rule."""
    if row.relay_id is None:
        return _("发文机关直接发送")
    return _("逾期直达") if row.by_rule else _("转发")


def csv_of(table: Table) -> bytes:
    """UTF-8 with BOM, no cell that a spreadsheet takes for a formula."""
    file = io.StringIO()
    writer = csv.writer(file)
    for row in table:
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in row])
    return file.getvalue().encode("utf-8-sig")


def xlsx_of(table: Table) -> bytes:
    """A workbook of one sheet: heads stand still, numbers are numbers, texts are never formulas."""
    file = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with import_module("xlsxwriter").Workbook(file, options) as book:  # 2 MiB, and only for these
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 2)
        sheet.set_column(0, 20, 16)
        for number, row in enumerate(table):
            for column, cell in enumerate(row):
                sheet.write(number, column, cell, bold if not number else None)
    return file.getvalue()
