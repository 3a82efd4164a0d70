"""Cells of tables that spreadsheets open."""

# What a spreadsheet runs as a formula, by OWASP's "CSV Injection"; the wide ones as East Asian
# keyboards type them.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe before what begins like one."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def unguarded(cell: str) -> str:
    """The cell as it was before ``guarded``."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
