"""Signing in and out, and acting in another seat."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from agencies.actors import acting, current_actor
from agencies.inputs import SignInInput
from agencies.permissions import permission, public
from agencies.services import contacts
from agencies.services import sign_in as service
from agencies.web.blueprint import bp
from config.errors import Invalid, TooMany
from config.forms import Form
from config.redirects import own_path


def _onward() -> str:
    return own_path(request.values.get("next")) or url_for("home.index")


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """The form; whoever is signed in already goes on."""
    if current_actor() is not None:
        return redirect(_onward())
    return _drawn(Form.blank(), 200)


@bp.post("/sign-in")
@public
def begin() -> ResponseReturnValue:
    """Begin a session and go on to where the reader wanted to."""
    form = Form.posted(SignInInput)
    if form.data is None:
        return _drawn(form, 422)
    address = request.remote_addr or ""
    try:
        person = service.sign_in(form.data.username, form.data.password, address)
    except Invalid:
        form.errors[""] = _(
            "用户名或密码不正确。连续输错 5 次的账号会暂时锁定，请稍后再试，或请管理员重新邀请。"
        )
        return _drawn(form, 422)
    except TooMany:
        form.errors[""] = _("这里的登录失败次数太多，请 15 分钟后再试。")
        return _drawn(form, 429)
    if gone := contacts.bounced(person.id):
        flash(
            _(
                "发到您邮箱 %(mail)s 的邮件被退回，已停止发送。请到“我的账号”核对并重新验证。",
                mail=gone,
            ),
            "warn",
        )
    return redirect(_onward(), 303)


def _drawn(form: Form[SignInInput], status: int) -> ResponseReturnValue:
    onward = own_path(request.values.get("next"))
    return render_template("agencies/sign_in.html", form=form, onward=onward), status


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End this browser's session."""
    service.sign_out()
    flash(_("您已退出登录。"), "ok")
    return redirect(url_for("agencies.sign_in"), 303)


@bp.post("/seat/<int:seat_id>")
@permission("seat.switch")
def switch_seat(seat_id: int) -> ResponseReturnValue:
    """Act in another of one's seats from now on, and go on to the page that was asked for there."""
    service.switch_seat(acting(), seat_id)
    return redirect(own_path(request.form.get("next")) or url_for("home.index"), 303)
