"""The service with one page more, the yardstick of the inbox: an application for gunicorn."""

from apiflask import APIFlask
from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

import app
from agencies.actors import acting
from agencies.models import Agency
from agencies.permissions import permission
from config.database import db

PATH = "/yardstick"

bp = Blueprint("yardstick", __name__, template_folder="templates")


@bp.get(PATH)
@permission("account.own")
def yardstick() -> ResponseReturnValue:
    """The frame that every page has, and one query."""
    own = select(Agency).where(Agency.id == acting().agency_id)
    return render_template("yardstick.html", agency=db.session.scalars(own).one())


def create_app() -> APIFlask:
    """The whole service and the yardstick."""
    made = app.create_app()
    made.register_blueprint(bp)
    return made
