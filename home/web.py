"""The first page, the help page and the choice of language."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from agencies.actors import acting
from agencies.permissions import permission, public
from agencies.states import AdminRole
from bulletins.queries.counting import COUNTED_AT_MOST
from config.http import LANGUAGES
from config.navigation import WORK, NavItem
from config.redirects import own_path
from home import consoles, seats
from home.elsewhere import elsewhere

bp = Blueprint("home", __name__)


@bp.app_template_filter("at_most_99")
def at_most_99(count: int) -> str:
    """A bounded count as people read it: 100 stands for more than 99."""
    return str(count) if count < COUNTED_AT_MOST else "99+"


NAVIGATION = (NavItem(_l("首页"), "home.index", "home", WORK, "home.read", order=0),)


@bp.get("/")
@permission("home.read")
def index() -> ResponseReturnValue:
    """What waits for whoever is signed in; what it lists counts as delivered once it is drawn."""
    actor = acting()
    if actor.role is not None:
        settled = consoles.settled() if actor.role == AdminRole.AUDIT else None
        return render_template(
            "home/console.html", needs=consoles.needs(actor.role), settled=settled
        )
    if actor.agency_id is None:
        return render_template("home/unseated.html")
    desk = seats.desk(actor, actor.agency_id)
    page = render_template("home/desk.html", desk=desk, elsewhere=elsewhere(actor))
    seats.note_shown(actor, desk)
    return page


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
