"""Organ codes and the register of document numbers."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field
from sqlalchemy import select

from agencies.actors import acting
from agencies.permissions import permission, require
from bulletins import services
from bulletins.api.blueprint import bp
from bulletins.api.outputs import FromRow
from bulletins.inputs import OrganCodeInput
from bulletins.models import OrganCode
from bulletins.queries import numbers as queries
from bulletins.states import State
from config.database import found
from config.openapi import PageQuery, listing
from config.pages import keyset


class OrganCodeOut(FromRow):
    """A code; `used_before` numbers of `used_year` were given out before its register began.

    `is_of_orders`: a register of orders (令号), whose numbers run on over the years.
    """

    id: int
    code: str
    is_of_orders: bool
    is_default: bool
    used_year: int
    used_before: int
    ended_at: datetime | None


class OrganCodesOut(BaseModel):
    items: list[OrganCodeOut]


class NumberOut(FromRow):
    """A line of a register; a voided number stays in it with the reason."""

    code: str
    year: int
    number: int
    bulletin_id: int
    title: str
    state: State
    taken_at: datetime
    taken_by: str
    voided_at: datetime | None
    void_reason: str | None


class NumbersOut(BaseModel):
    items: list[NumberOut]
    next: str | None


class RegisterQuery(PageQuery):
    """Which year's register."""

    year: Annotated[int, Field(ge=1949, le=9999)]


@bp.get("/organ-codes")
@permission("number.register")
@bp.output(OrganCodesOut)
@bp.doc(summary="The organ codes of my agency, the default one first")
def organ_codes() -> dict[str, Any]:
    return {"items": [OrganCodeOut.model_validate(one) for one in _codes()]}


def _codes() -> Any:
    return queries.codes(acting().agency_id or 0)


@bp.post("/organ-codes")
@permission("number.keep")
@bp.input(OrganCodeInput, arg_name="data")
@bp.output(OrganCodeOut, status_code=201)
@bp.doc(summary="Put an organ code into use")
def add_organ_code(data: OrganCodeInput) -> OrganCodeOut:
    return OrganCodeOut.model_validate(services.add_code(acting(), data))


@bp.post("/organ-codes/<int:organ_code_id>/default")
@permission("number.keep")
@bp.output(OrganCodeOut)
@bp.doc(summary="Offer a code first for new papers")
def choose_organ_code(organ_code_id: int) -> OrganCodeOut:
    return OrganCodeOut.model_validate(services.choose_default(acting(), organ_code_id))


@bp.post("/organ-codes/<int:organ_code_id>/end")
@permission("number.keep")
@bp.output(OrganCodeOut)
@bp.doc(summary="Take a code out of use; its registers stay")
def end_organ_code(organ_code_id: int) -> OrganCodeOut:
    return OrganCodeOut.model_validate(services.end_code(acting(), organ_code_id))


@bp.get("/organ-codes/<int:organ_code_id>/numbers")
@permission("number.register")
@bp.input(RegisterQuery, location="query", arg_name="query")
@bp.output(NumbersOut)
@bp.doc(summary="The register of one code and year, from number 1 on")
def register(organ_code_id: int, query: RegisterQuery) -> dict[str, Any]:
    code = found(select(OrganCode).where(OrganCode.id == organ_code_id))
    require(acting(), "number.register", code)
    page = keyset(
        queries.register(code.id, query.year),
        queries.KEY,
        queries.mark_of,
        size=query.limit,
        descending=False,
    )
    return listing(page, [NumberOut.model_validate(row) for row in page.items])
