"""The worker process of a host: started alone, or forked beside the web processes."""

from collections.abc import Callable
from importlib import import_module

from flask import Flask

from config import queueing, restoring, schema
from config.console import NOT_UP_TO_DATE, Refused
from config.database import db
from config.scheduling import Worker


def work(app: Flask, wanted: Callable[[], bool] = lambda: True) -> None:
    """Run the schedule and the deliveries until told to stop or not ``wanted`` any more.

    Raises Refused where the database is not up to date.
    """
    with db.engine.connect() as connection:
        if schema.current(connection) != schema.head():
            raise Refused(NOT_UP_TO_DATE)
    made = Worker(app, app.extensions["jobs"], first=restoring.finish, wanted=wanted)
    app.extensions["pool"] = made.pool
    if app.extensions["settings"].broker_url.get_secret_value():
        queueing.hand_out_through(app, import_module("config.broker").Broker(app))  # large
    made.run()


def leave_connections(app: Flask) -> None:
    """Leave those opened before a fork to the process that opened them: two users break one."""
    with app.app_context():
        for engine in app.extensions["sqlalchemy"].engines.values():
            engine.dispose(close=False)
