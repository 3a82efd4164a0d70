"""Whether this process lives, and whether it can work: for supervisors and load balancers."""

import structlog
from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from config import schema
from config.amqp import broker_answers
from config.database import db

bp = Blueprint("health", __name__)
log = structlog.get_logger(__name__)


@bp.get("/healthz")
def alive() -> ResponseReturnValue:
    """This process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
def ready() -> ResponseReturnValue:
    """The database answers and stands where this code wants it; 503 otherwise.

    It also says whether the broker answers, where one is set.
    """
    try:
        with db.engine.connect() as connection:
            revision = schema.current(connection)
    except SQLAlchemyError as error:
        log.error("not_ready", reason="database", error=type(error).__name__)
        return jsonify(status="unavailable", reason="the database does not answer"), 503
    if revision != schema.head():
        log.error("not_ready", reason="schema", revision=revision, wanted=schema.head())
        return jsonify(status="unavailable", reason="the database is not up to date"), 503
    if (answers := broker_answers()) is None:
        return jsonify(status="ok")
    # Pages need no broker: what goes out waits in the database.
    return jsonify(status="ok", broker="ok" if answers else "does not answer")


for _view in (alive, ready):
    _view.permission = None  # type: ignore[attr-defined]
