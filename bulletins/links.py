"""Links of a paper: what they say, and what can be told of them without following them."""

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

from config.text import plain

_LINK = re.compile(r'<a\s[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_PAPER = re.compile(r"/bulletins/(\d{1,18})")
_OWN = re.compile(r"/(?:inbox|relays|uploads|bulletins/drafts|bulletins/to-sign)(?:/|$)")
_HOST = re.compile(r"(?!-)[\w-]{1,63}(?<!-)(?:\.(?!-)[\w-]{1,63}(?<!-))*\.?")
_PRIVATE_ENDINGS = (".local", ".localhost", ".internal", ".lan", ".intranet", ".home", ".corp")


MOST = 30
"""Links of a paper that are looked at; one with more is told so."""


@dataclass(frozen=True)
class Link:
    """An address and the words that lead there."""

    url: str
    words: str


@dataclass(frozen=True)
class Target:
    """Where an address leads: to a paper of this service, to a page of one agency, or nowhere."""

    bulletin_id: int | None = None
    is_own_page: bool = False
    is_malformed: bool = False
    is_private: bool = False


_NOWHERE = Target(is_malformed=True)


def links_in(html: str) -> Sequence[Link]:
    """The links of rendered HTML, each address once."""
    found: dict[str, Link] = {}
    for url, words in _LINK.findall(html):
        found.setdefault(unescape(url), Link(unescape(url), plain(words)))
    return list(found.values())


def target(url: str, base: str) -> Target:
    """Where ``url`` leads, seen from this service at ``base``."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _port = parts.port
    except ValueError:
        return _NOWHERE
    if parts.scheme in ("mailto", "tel"):
        at_home = "@" in parts.path if parts.scheme == "mailto" else any(map(str.isdigit, url))
        return Target(is_malformed=not at_home)
    home = urlsplit(base)
    if (not parts.scheme and not host) or (host, parts.port) == (home.hostname, home.port):
        return _inside(parts.path)
    return _outside(host)


def _inside(path: str) -> Target:
    paper = _PAPER.match(path)
    if paper:
        return Target(bulletin_id=int(paper[1]))
    return Target(is_own_page=bool(_OWN.match(path)))


def _outside(host: str) -> Target:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return _named(host)
    return Target(is_private=not address.is_global)


def _named(host: str) -> Target:
    """A name: one whose last part is a number is an address in disguise (WHATWG URL, 4.4)."""
    bare = host.rstrip(".").lower()
    last = bare.rpartition(".")[2]
    if not _HOST.fullmatch(host) or re.fullmatch(r"\d+|0x[0-9a-f]*", last):
        return _NOWHERE
    return Target(is_private="." not in bare or bare.endswith(_PRIVATE_ENDINGS))
