"""The way from a task to the bulletin it rests on."""

from flask import url_for

from agencies.actors import Actor
from coordination.models import Task
from coordination.queries import answering


def basis(actor: Actor, task: Task) -> str | None:
    """Where the actor's agency reads the bulletin of a task; None where it has no copy of it."""
    bulletin = task.bulletin
    if bulletin is None or actor.agency_id is None:
        return None
    if bulletin.issuer_id == actor.agency_id:
        return url_for("bulletins.show", bulletin_id=bulletin.id)
    receipt_id = answering.receipt_of(task, actor.agency_id)
    return url_for("bulletins.read", receipt_id=receipt_id) if receipt_id else None
