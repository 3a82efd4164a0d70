"""Which addresses endpoints may have, and how much of one is shown."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _

from config.errors import Invalid, Message
from config.public_addresses import may_go
from config.settings import Settings
from notifications.hooks import labels, robot_hosts
from notifications.hooks.inputs import EndpointInput
from notifications.hooks.states import EndpointKind

_TAIL = 4


def check(data: EndpointInput) -> None:
    """Refuse what no call would be made to; names are looked up anew with each call.

    Raises Invalid at the fields that are wrong.
    """
    said = {"url": _wrong_host(data) or _wrong_place(data), "secret": _wrong_secret(data)}
    wrong = {name: words for name, words in said.items() if words}
    if wrong:
        raise Invalid(errors=wrong)


def is_allowed(kind: EndpointKind, url: str) -> bool:
    """Whether an endpoint may be called at its address, of which ``shown`` is enough.

    It was registered before its vendor's hosts were asked for, or under another setting.
    """
    return not kind.is_robot or robot_hosts.may_be_called(kind, url, _settings().robot_hosts)


def shown(data: EndpointInput) -> str:
    """As much of an address as a page may show: what it ends with may be as good as a password."""
    parts = urlsplit(data.url)
    place = f"{parts.scheme}://{parts.netloc}"
    if data.kind == EndpointKind.WEBHOOK:
        return f"{place}{parts.path}{'?…' if parts.query else ''}"[:300]
    return f"{place}/…{data.url[-_TAIL:]}"[:300]


def _wrong_secret(data: EndpointInput) -> Message | None:
    """What is wrong with a secret where the kind has none of its own."""
    if not data.secret or data.kind.has_secret_of_theirs:
        return None
    if data.kind == EndpointKind.WEBHOOK:
        return _("这里请留空：其他系统的签名密钥由本系统生成，登记后显示一次。")
    return _("这里请留空：%(kind)s没有签名密钥。", kind=labels.kind(data.kind))


def _wrong_host(data: EndpointInput) -> Message | None:
    """What is wrong with the host by its kind: another vendor's, or nobody's that is known."""
    host = robot_hosts.host_of(data.url)
    vendor = robot_hosts.vendor_of(host)
    if vendor is not None and vendor != data.kind:
        return _("这是%(kind)s的网址，请把类型改选为它。", kind=labels.kind(vendor))
    if is_allowed(data.kind, data.url):
        return None
    return _(
        "%(kind)s的网址应当以 %(places)s 开头，请核对。政务版或单位自建的，"
        "请系统管理员把 %(host)s 加入设置 CHANGTONG_ROBOT_HOSTS。",
        kind=labels.kind(data.kind),
        places=_("或").join(f" https://{one}/ " for one in robot_hosts.HOSTS[data.kind]).strip(),
        host=host,
    )


def _wrong_place(data: EndpointInput) -> Message | None:
    """What is wrong with where it leads: not encrypted, or private and not allowed."""
    allowed = _settings().webhook_allowed
    parts = urlsplit(data.url)
    encrypted = parts.scheme == "https"
    wants_tls = _("网址要以 https:// 开头，内容才不会在途中被看到。")
    if not encrypted and (data.kind.is_robot or not allowed):
        return wants_tls
    host = robot_hosts.host_of(data.url)
    try:
        literal = str(ip_address(host))
    except ValueError:
        literal = "127.0.0.1" if host == "localhost" or host.endswith(".localhost") else ""
    if not literal or may_go(literal, allowed, encrypted=encrypted):
        return None
    if may_go(literal, allowed):
        return wants_tls
    return _("这是内网地址，不能登记；确有需要，请系统管理员在设置里允许。")


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
