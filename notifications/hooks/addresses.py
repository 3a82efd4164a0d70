"""Addresses that people type or copy: told what is wrong with them, and written as calls want it.

A host name in Chinese becomes what the name service knows (xn--…), other signs are escaped, as
browsers do it: RFC 3987, section 3.1.
"""

import re
from ipaddress import IPv6Address, ip_address
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

import idna
from flask_babel import gettext as _

LONGEST = 1000
_GAP = re.compile(r"[\s\x00-\x1f\x7f]")
_FOREIGN = re.compile(r"[^!-~]+")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_LONGEST_HOST = 253


def written(url: str) -> str:
    """The address as it is called; raises ValueError with what is wrong with it."""
    url = url.strip()
    if _GAP.search(url):
        raise ValueError(_("网址里不能有空格和换行，请重新复制。"))
    try:
        parts = urlsplit(url)
        place = _place(parts)
    except ValueError as error:
        raise ValueError(_("请填写完整的网址，例如 https://oa.example.gov.cn/hook。")) from error
    if parts.username is not None or parts.password is not None:
        raise ValueError(_("网址里不要带用户名和密码。"))
    path, query = (_FOREIGN.sub(lambda found: quote(found[0]), one) for one in parts[2:4])
    whole = urlunsplit((parts.scheme, place, path, query, ""))
    if len(whole) > LONGEST:
        raise ValueError(_("网址太长了，不能超过 %(most)s 个字符。", most=LONGEST))
    return whole


def _place(parts: SplitResult) -> str:
    """Host and port; raises ValueError where no call could be made to them."""
    host, port = _host((parts.hostname or "").rstrip(".")), parts.port
    if parts.scheme not in ("http", "https") or port == 0:
        raise ValueError
    return host if port is None else f"{host}:{port}"


def _host(host: str) -> str:
    """A host as the name service knows it; raises ValueError for what can be none."""
    if not host.isascii():
        host = idna.encode(host, uts46=True).decode("ascii")
    labels = host.split(".")
    if ":" in host or _NUMBER.fullmatch(labels[-1]):
        ip = ip_address(host)  # 2130706433 and 0x7f.1 would be read as addresses by some
        return f"[{ip}]" if isinstance(ip, IPv6Address) else str(ip)
    if len(host) > _LONGEST_HOST or not all(map(_LABEL.fullmatch, labels)):
        raise ValueError
    return host
