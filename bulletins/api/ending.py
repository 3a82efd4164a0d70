"""Ending a paper: void from the start, or repealed from a day."""

from agencies.actors import acting
from agencies.permissions import permission
from bulletins import services
from bulletins.api.blueprint import bp
from bulletins.api.outputs import BulletinOut
from bulletins.decisions import RepealInput, VoidInput
from bulletins.services.addressing import stored_rules


@bp.post("/bulletins/<int:bulletin_id>/void")
@permission("bulletin.void")
@bp.input(VoidInput, arg_name="data")
@bp.output(BulletinOut)
@bp.doc(summary="Say that a paper never had force; this shows wherever the paper does")
def void(bulletin_id: int, data: VoidInput) -> BulletinOut:
    bulletin = services.void(acting(), bulletin_id, data)
    return BulletinOut.of(bulletin, stored_rules(bulletin.id))


@bp.post("/bulletins/<int:bulletin_id>/repeal")
@permission("bulletin.repeal")
@bp.input(RepealInput, arg_name="data")
@bp.output(BulletinOut)
@bp.doc(summary="Say from which day on a paper has no force any more")
def repeal(bulletin_id: int, data: RepealInput) -> BulletinOut:
    bulletin = services.repeal(acting(), bulletin_id, data)
    return BulletinOut.of(bulletin, stored_rules(bulletin.id))
