"""The readers that an agency has lost, and the way in for what came back of mails."""

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from agencies.actors import acting
from agencies.permissions import permission, public
from config.errors import NotFound
from config.http import csrf
from notifications.links import is_returns_word
from notifications.lost_readers import lost_readers as listed
from notifications.returned import LONGEST
from notifications.services.returns import take
from notifications.web.blueprint import bp


@bp.get("/lost-readers")
@permission("reader.lost")
def lost_readers() -> ResponseReturnValue:
    """Whom one's papers no longer reach by mail."""
    return render_template("notifications/lost_readers.html", page=listed(acting().agency_id or 0))


@bp.post("/notifications/returned/<word>")
@public
def returned(word: str) -> ResponseReturnValue:
    """Take a message that a mail server hands on; whatever it is, nothing is told of it."""
    if not is_returns_word(word):
        raise NotFound
    take(request.stream.read(LONGEST))
    return Response(status=204)


# A mail server posts there without a cookie; the secret address is what proves that it may.
csrf.exempt(returned)
