"""Where SMS providers tell us what became of messages, and what people answered.

No vendor signs its calls: the address holds a secret word, and a list says who may call. Anything
else is no page.
"""

import hmac
from collections.abc import Callable, Mapping, Sequence
from ipaddress import ip_address, ip_network
from typing import Any

from flask import Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from agencies.permissions import public
from config.bodies import large_body
from config.errors import NotFound
from config.http import csrf
from config.settings import Settings
from config.text import harmless
from notifications.services import cloud_reports, replies
from notifications.services.cloud_reports import Report
from notifications.services.replies import Incoming
from notifications.web.blueprint import bp

MOST_BYTES = 512 * 1024
_LENGTH = 200

Item = Mapping[str, Any]


def _let_in(word: str) -> None:
    """Raises NotFound for a wrong word, and for who is not on the list.

    Where none is set nobody is let in: no address has an empty word.
    """
    settings: Settings = current_app.extensions["settings"]
    ours = settings.sms_callback_word.get_secret_value()
    if not hmac.compare_digest(ours.encode(), word.encode()):
        raise NotFound
    networks = settings.sms_callback_from.replace(",", " ").split()
    caller = ip_address(request.remote_addr or "0.0.0.0")
    if networks and not any(caller in ip_network(one) for one in networks):
        raise NotFound


def _items() -> Sequence[Item]:
    """The objects of a body that is a list of them; a single one counts as a list of one.

    However many there are: a vendor whose list is refused never tells it again. Raises NotFound for
    anything else.
    """
    said = request.get_json(force=True, silent=True)
    if isinstance(said, dict):
        said = [said]
    if not isinstance(said, list):
        raise NotFound
    return [one for one in said if isinstance(one, dict)]


def _word(item: Item, name: str, most: int = _LENGTH) -> str:
    """What an item says under ``name``, as one line that can be stored."""
    value = item.get(name)
    return harmless(str(value)[:most]) if isinstance(value, str | int) else ""


def _aliyun_report(item: Item) -> Report:
    return Report(
        _word(item, "biz_id", 64),
        _word(item, "phone_number", 32),
        item.get("success") is True or item.get("success") == "true",
        f"{_word(item, 'err_code')} {_word(item, 'err_msg')}".strip(),
        _word(item, "out_id", 64),
    )


def _tencent_report(item: Item) -> Report:
    return Report(
        _word(item, "sid", 64),
        _word(item, "mobile", 32),
        item.get("report_status") == "SUCCESS",
        f"{_word(item, 'errmsg')} {_word(item, 'description')}".strip(),
    )


def _aliyun_reply(item: Item) -> Incoming:
    mark = _word(item, "sequence_id") or _word(item, "send_time")
    return Incoming(_word(item, "phone_number", 32), _word(item, "content", 1000), mark)


def _tencent_reply(item: Item) -> Incoming:
    phone = f"+{_word(item, 'nationcode', 4) or '86'}{_word(item, 'mobile', 32)}"
    return Incoming(phone, _word(item, "text", 1000), _word(item, "time"))


_READERS: Mapping[str, tuple[Callable[[Item], Report], Callable[[Item], Incoming]]] = {
    "aliyun": (_aliyun_report, _aliyun_reply),
    "tencent": (_tencent_report, _tencent_reply),
}


def _answer(vendor: str, taken: bool) -> Response:
    """What the vendor wants to read; told that it failed, it tells us again later."""
    if vendor == "aliyun":
        return jsonify({"code": 0, "msg": "接收成功"} if taken else {"code": 1, "msg": "请重发"})
    return jsonify({"result": 0, "errmsg": "OK"} if taken else {"result": 1, "errmsg": "again"})


@bp.post("/notifications/sms/<word>/<vendor>/reports")
@public
@large_body(MOST_BYTES)
def cloud_report(word: str, vendor: str) -> ResponseReturnValue:
    """Take a cloud's reports on messages."""
    _let_in(word)
    if vendor not in _READERS:
        raise NotFound
    read = _READERS[vendor][0]
    reports = [read(item) for item in _items()]
    return _answer(vendor, cloud_reports.take_in(vendor, reports))


@bp.post("/notifications/sms/<word>/<vendor>/replies")
@public
@large_body(MOST_BYTES)
def cloud_reply(word: str, vendor: str) -> ResponseReturnValue:
    """Take what people answered to a cloud's messages."""
    _let_in(word)
    if vendor not in _READERS:
        raise NotFound
    read = _READERS[vendor][1]
    return _answer(vendor, replies.take_in(vendor, [read(item) for item in _items()]))


@bp.get("/notifications/sms/<word>/kannel/replies")
@public
def kannel_reply(word: str) -> ResponseReturnValue:
    """Take what somebody answered, as a gateway's sms-service calls its get-url."""
    _let_in(word)
    said = {name: _word(request.args, name, 1000) for name in ("from", "text", "ts")}
    replies.take_in("kannel", [Incoming(said["from"], said["text"], said["ts"])])
    return Response("", mimetype="text/plain")


csrf.exempt(cloud_report)
csrf.exempt(cloud_reply)
