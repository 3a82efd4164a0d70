"""Agencies by key, one agency, loading the tree from a file."""

from typing import Any

from apiflask.fields import UploadFile
from pydantic import BaseModel
from sqlalchemy import select

from agencies import directory, queries
from agencies.actors import acting
from agencies.api.blueprint import bp
from agencies.api.outputs import (
    AgenciesOut,
    AgencyDetailOut,
    AgencyOut,
    FaultOut,
    FaultsOut,
    ImportOut,
    MeOut,
    SeatOut,
)
from agencies.csv_import import LARGEST
from agencies.inputs import Id
from agencies.models import Agency
from agencies.permissions import permission
from agencies.services import imports
from config.bodies import large_body
from config.openapi import PageQuery, listing


class AgencyQuery(PageQuery):
    """Agencies whose name or code contains `q`, or those right under one."""

    q: str = ""
    parent_id: Id | None = None


class ImportIn(BaseModel):
    """A CSV file: code, name, level, parent_code; kind and contact columns may follow."""

    file: UploadFile


@bp.get("/me")
@permission("account.own")
@bp.output(MeOut)
@bp.doc(summary="Who this key acts as")
def me() -> MeOut:
    return MeOut.of(acting())


@bp.get("/agencies")
@permission("agency.browse")
@bp.input(AgencyQuery, location="query", arg_name="query")
@bp.output(AgenciesOut)
@bp.doc(summary="Agencies by code, searched or right under one")
def agencies(query: AgencyQuery) -> dict[str, Any]:
    chosen = select(Agency)
    if query.q:
        chosen = chosen.where(directory.containing(query.q, Agency.name, Agency.code))
    if query.parent_id is not None:
        chosen = chosen.where(Agency.parent_id == query.parent_id)
    page = directory.agencies(chosen, query.limit)
    return listing(page, [AgencyOut.model_validate(one) for one in page.items])


@bp.get("/agencies/<int:agency_id>")
@permission("agency.browse")
@bp.output(AgencyDetailOut)
@bp.doc(summary="One agency with its seats and the agencies above it")
def agency(agency_id: int) -> AgencyDetailOut:
    shown = AgencyOut.model_validate(queries.agency(agency_id))
    above = [AgencyOut.model_validate(one) for one in queries.upper_agencies(agency_id)]
    seats = [SeatOut.of(row) for row in directory.seats_in(agency_id)]
    return AgencyDetailOut(**dict(shown), above=above[::-1], seats=seats)


@bp.post("/agencies/import")
@permission("agency.import")
@large_body(LARGEST)
@bp.input(ImportIn, location="files", arg_name="data")
@bp.output(ImportOut)
@bp.doc(summary="Load the tree from a CSV file: all of it, or nothing and every wrong line named")
def import_agencies(data: ImportIn) -> ImportOut:
    return ImportOut.model_validate(imports.import_agencies(acting(), data.file.read()))


@bp.post("/agencies/import/check")
@permission("agency.import")
@large_body(LARGEST)
@bp.input(ImportIn, location="files", arg_name="data")
@bp.output(FaultsOut)
@bp.doc(summary="What is wrong with which line of a CSV file; nothing is imported")
def check_agencies(data: ImportIn) -> FaultsOut:
    faults = imports.faults_of(acting(), data.file.read())
    return FaultsOut(faults=[FaultOut.model_validate(fault) for fault in faults])
