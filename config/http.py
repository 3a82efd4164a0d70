"""What every request shares: errors by path, security headers, language, times, proxies."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from apiflask.exceptions import HTTPError
from flask import (
    Flask,
    Response,
    current_app,
    g,
    has_request_context,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.json.provider import DefaultJSONProvider
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError, CSRFProtect
from pydantic import ValidationError
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from werkzeug.exceptions import BadHost, HTTPException, MethodNotAllowed
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from config import bodies, lost
from config.callers import CALLERS, Reader, reader
from config.database import db
from config.errors import (
    Conflict,
    DomainError,
    Invalid,
    NotSignedIn,
    StorageFull,
    Unavailable,
)
from config.files import FULL
from config.forms import messages
from config.settings import Settings

LANGUAGES = ("zh", "en")
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)

log = structlog.get_logger(__name__)
babel = Babel()  # type: ignore[no-untyped-call]
csrf = CSRFProtect()


class Identifier(IntegerConverter):
    """Ids in addresses: what no database key can hold is no page (404), nor are other digits."""

    regex = "[0-9]+"

    def __init__(self, map, fixed_digits=0, min=None, max=2**63 - 1, signed=False):  # type: ignore[no-untyped-def]
        super().__init__(map, fixed_digits, min, max, signed)


class JSON(DefaultJSONProvider):
    """JSON that is nested more deeply than Python reads is broken JSON like any other (400)."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        try:
            return super().loads(s, **kwargs)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error


def locale() -> str:
    """The language of this request: chosen by the user, else Chinese."""
    chosen = g.get("language")
    if chosen is None and has_request_context():
        chosen = session.get("language")
    return chosen if chosen in LANGUAGES else "zh"


def zone() -> ZoneInfo:
    """The zone in which this request shows times: the agency's, else the installation's."""
    name = g.get("zone_name")
    settings: Settings = current_app.extensions["settings"]
    return ZoneInfo(name) if name else settings.zone


def localtime(moment: datetime | None) -> str:
    """A stored moment as people here read it, e.g. ``2026-03-01 08:30``."""
    return moment.astimezone(zone()).strftime("%Y-%m-%d %H:%M") if moment else ""


def localdate(moment: datetime | date | None) -> str:
    """The day of a moment as people here read it, e.g. ``2026-03-01``."""
    if isinstance(moment, datetime):
        moment = moment.astimezone(zone())
    return moment.strftime("%Y-%m-%d") if moment else ""


def answer(error: DomainError) -> ResponseReturnValue:
    """A domain error as JSON or text for programs and as a page for people."""
    if reader() == Reader.TEXT:
        return Response(f"{error.message}\n", error.status, mimetype="text/plain")
    if reader() == Reader.JSON:
        body: dict[str, object] = {"code": error.code, "message": str(error.message)}
        if error.errors:
            body["errors"] = {name: str(text) for name, text in error.errors.items()}
        headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
        return jsonify(body), error.status, headers
    page = render_template(
        "errors/error.html",
        status=error.status,
        title=str(error.message),
        message="；".join(str(text) for text in error.errors.values()),
        hint=str(error.hint),
    )
    return page, error.status


def _plain_http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    if isinstance(error, BadHost):  # no address can be made here, so no page either
        return Response(_("地址中的主机名有误。"), error.code, mimetype="text/plain")
    if error.code == 413:
        return answer(bodies.too_large())
    known = {
        400: _("请求有误。"),
        404: _("没有找到这一页。"),
        405: _("这个地址不接受这样的请求。"),
        415: _("不支持这种内容格式。"),
    }
    shown = DomainError(known.get(error.code, _("请求没有完成。")))
    shown.status, shown.code = error.code, f"http_{error.code}"
    response = current_app.make_response(answer(shown))
    if isinstance(error, MethodNotAllowed):
        response.allow.update(error.valid_methods or ())
    return response


def _bad_input(error: HTTPError) -> ResponseReturnValue:
    """What APIFlask refused: our own messages for pydantic's errors, which stand behind it."""
    if isinstance(error.__context__, ValidationError):
        return answer(Invalid(errors=messages(error.__context__)))
    shown = DomainError(_("请求没有完成。"))
    shown.status, shown.code = error.status_code, f"http_{error.status_code}"
    return answer(shown)


def _is_signed_in() -> bool:
    return g.get("actor") is not None


def _csrf(error: CSRFError) -> ResponseReturnValue:
    db.session.rollback()
    if reader() == Reader.PERSON:
        return lost.page(signed_in=_is_signed_in())
    shown = DomainError(
        _("页面已过期，这次提交没有保存。"),
        hint=_("请返回上一页，刷新后重新提交；您填写的内容仍在那一页上。"),
    )
    shown.code = "csrf"
    return answer(shown)


def _database_away(error: OperationalError) -> ResponseReturnValue:
    db.session.rollback()
    log.error("database_unavailable", exc_info=error)
    return answer(Unavailable())


def _disk(error: OSError) -> ResponseReturnValue:
    """A full disk, also where the framework keeps what is still arriving, says so."""
    if error.errno not in FULL:
        return _unforeseen(error)
    db.session.rollback()
    log.error("storage_full", exc_info=error)
    return answer(StorageFull())


def _unforeseen(error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    log.exception("unforeseen_error")
    shown = DomainError(
        _("系统出错了，这次操作没有保存。"),
        hint=_("请稍后再试；若仍不行，请把页面底部的编号告诉管理员。"),
    )
    shown.status, shown.code = 500, "internal"
    return answer(shown)


def _domain(error: DomainError) -> ResponseReturnValue:
    db.session.rollback()
    if not isinstance(error, NotSignedIn) or reader() != Reader.PERSON:
        return answer(error)
    if request.method == "GET":
        return redirect(url_for("agencies.sign_in", next=request.full_path.rstrip("?")))
    return lost.page(signed_in=False)


def _unstorable(error: Exception) -> ResponseReturnValue:
    """What no form had refused and the database can't hold: NUL, half a character, 2 to the 64."""
    db.session.rollback()
    log.warning("unstorable_input", exc_info=error)
    return answer(Invalid(_("含有无法识别的字符，或者数字太大。")))


def _met(error: IntegrityError) -> ResponseReturnValue:
    """Two did the same at once; the database kept one of them."""
    db.session.rollback()
    log.warning("two_at_once", exc_info=error)
    return answer(Conflict())


def _headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("X-Frame-Options", "DENY")
    if request.endpoint not in ("static", "bootstrap.static"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def init_app(app: Flask, settings: Settings) -> None:
    """Join all this to the app."""
    app.url_map.converters["int"] = Identifier
    app.json_provider_class = JSON  # on which Flask-Security builds its own
    app.json = JSON(app)
    app.config.update(
        BABEL_DEFAULT_LOCALE="zh",
        BABEL_DEFAULT_TIMEZONE=settings.timezone,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https://"),
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.extensions["callers"] = CALLERS  # to which folders add theirs
    bodies.init_app(app)
    babel.init_app(app, locale_selector=locale)  # type: ignore[no-untyped-call]
    csrf.init_app(app)
    app.jinja_env.filters.update(localtime=localtime, localdate=localdate)
    app.jinja_env.globals.update(locale=locale)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.after_request(_headers)
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPError, _bad_input)
    app.register_error_handler(HTTPException, _plain_http)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(OSError, _disk)
    app.register_error_handler(DataError, _unstorable)
    app.register_error_handler(IntegrityError, _met)
    app.register_error_handler(UnicodeEncodeError, _unstorable)
    app.register_error_handler(OverflowError, _unstorable)
    app.register_error_handler(Exception, _unforeseen)
