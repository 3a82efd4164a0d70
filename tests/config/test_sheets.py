"""Cells that a spreadsheet would run."""

import pytest

from config.sheets import guarded, unguarded

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠A"]


@pytest.mark.parametrize("cell", FORMULAS)
def test_what_a_spreadsheet_takes_for_a_formula_is_quoted(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"
    assert unguarded(guarded(cell)) == cell


@pytest.mark.parametrize("cell", ["", "长安区", "2026-03-01 08:30", "'", "'引", "a=1"])
def test_ordinary_cells_are_left_alone(cell: str) -> None:
    assert guarded(cell) == cell
    assert unguarded(cell) == cell
