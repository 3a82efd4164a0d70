"""The first page, the help page and the choice of language."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from agencies.permissions import permission, public
from config.http import LANGUAGES
from config.navigation import NavItem
from config.redirects import own_path

bp = Blueprint("home", __name__)

NAVIGATION = (NavItem(_l("首页"), "home.index", "home", _l("工作"), "home.read", order=0),)


@bp.get("/")
@permission("home.read")
def index() -> ResponseReturnValue:
    """What waits for whoever is signed in."""
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
    return redirect(own_path(request.args.get("next")) or url_for("home.index"))
