"""The first page, the help page and the choice of language."""

import re

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from agencies.actors import current_actor
from agencies.permissions import public
from config.errors import NotSignedIn
from config.http import LANGUAGES
from config.navigation import NavItem

bp = Blueprint("home", __name__)

_OWN_PATH = re.compile(r"/(?![/\\])[^\\]*")

NAVIGATION = (NavItem(_l("首页"), "home.index", "home", _l("工作"), "home.read", order=0),)


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """What waits for whoever is signed in; everybody else is asked to sign in first."""
    if current_actor() is None:
        raise NotSignedIn
    return render_template("home/index.html")


@bp.get("/help", endpoint="help")
@public
def help_page() -> ResponseReturnValue:
    """A short help by role."""
    return render_template("home/help.html")


@bp.get("/language")
@public
def set_language() -> ResponseReturnValue:
    """Keep the language chosen for this browser and go back to where it was chosen."""
    language = request.args.get("lang")
    if language in LANGUAGES:
        session["language"] = language
    return redirect(_own_path(request.args.get("next", "")))


def _own_path(target: str) -> str:
    """``target`` if it is a path of this service, else the first page: nobody is led away."""
    own = _OWN_PATH.fullmatch(target) and target.isprintable()
    return target if own else url_for("home.index")
