"""Addresses as a browser would ask for them, and those of a paper that lead out of the service."""

import hashlib
from collections.abc import Mapping
from urllib.parse import quote, urljoin, urlsplit

from bulletins import links
from bulletins.links import Target

LONGEST = 2000
_PATH = "/%:@!$&'()*+,;=~[]"


def outside(html: str, base: str) -> Mapping[str, str]:
    """The links of rendered HTML that are looked at, as they are written: where each leads.

    ``base`` is the address of this service.
    """
    found = {}
    for link in links.links_in(html)[: links.MOST]:
        where = address(link.url, base)
        if where and not _at_home(where, base) and links.target(link.url, base) == Target():
            found[link.url] = where
    return found


def address(url: str, base: str) -> str:
    """``url``, seen from ``base``, in letters that HTTP takes; empty where it is no page's."""
    try:
        parts = urlsplit(urljoin(base, url))
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host:
        return ""
    place = f"[{host}]" if ":" in host else host
    path = quote(parts.path or "/", _PATH)
    query = f"?{quote(parts.query, _PATH + '?')}" if parts.query else ""
    whole = f"{parts.scheme}://{place}{port}{path}{query}"
    return whole if len(whole) <= LONGEST else ""


def host_of(where: str) -> str:
    """The host that is asked for an address."""
    return urlsplit(where).hostname or ""


def digest(where: str) -> str:
    """What an address is kept under, however long it is."""
    return hashlib.sha256(where.encode()).hexdigest()


def _at_home(where: str, base: str) -> bool:
    there, home = urlsplit(where), urlsplit(base)
    return (there.hostname, there.port) == (home.hostname, home.port)
