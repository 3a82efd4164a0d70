"""Where robots of chat groups are: their vendors' hosts, and those that are allowed. Pure.

open.dingtalk.com/document/robots/custom-robot-access
developer.work.weixin.qq.com/document/path/91770
open.feishu.cn/document/client-docs/bot-v3/add-custom-bot (open.larksuite.com: the same abroad)
"""

from urllib.parse import urlsplit

from notifications.hooks.states import EndpointKind

HOSTS = {
    EndpointKind.DINGTALK: ("oapi.dingtalk.com",),
    EndpointKind.WECOM: ("qyapi.weixin.qq.com",),
    EndpointKind.FEISHU: ("open.feishu.cn", "open.larksuite.com"),
}


def host_of(url: str) -> str:
    """The host of an address, as the lists name it."""
    return (urlsplit(url).hostname or "").rstrip(".").lower()


def vendor_of(host: str) -> EndpointKind | None:
    """Whose robots are at a host; None where no vendor has published it."""
    return next((kind for kind, hosts in HOSTS.items() if host in hosts), None)


def may_be_called(kind: EndpointKind, url: str, further: str) -> bool:
    """Whether robots of that kind may be at an address; ``further`` are the operator's hosts.

    Those are government editions and private deployments, of whichever vendor.
    """
    host = host_of(url)
    return vendor_of(host) == kind or any(
        _is_named(host, name) for name in further.lower().replace(",", " ").split()
    )


def _is_named(host: str, name: str) -> bool:
    if name.startswith("*."):
        return host.endswith(name[1:])
    return host == name
