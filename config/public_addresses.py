"""Where calls of other systems may go: the public internet, and what the operator allows."""

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_WORLD = ip_network("2000::/3")
_STANDING_IN = [ip_network(one) for one in ("2001::/32", "2002::/16")]
"""Teredo and 6to4: addresses of IPv6 that lead to one of IPv4, whichever that is."""

Address = IPv4Address | IPv6Address


class ForbiddenError(Exception):
    """The address is private, and the operator has not allowed it; or public, to be called by TLS.

    ``wants_tls``: by TLS it might be called.
    """

    def __init__(self, address: str, *, wants_tls: bool = False) -> None:
        super().__init__(address)
        self.wants_tls = wants_tls


def resolved(host: str, port: int, allowed: str, *, encrypted: bool) -> Sequence[str]:
    """The IP addresses of a name, to be called and no others, so that what was looked at is called.

    Raises ForbiddenError where any of them may not be called, OSError where there is none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    for one in addresses:
        if not may_go(one, allowed, encrypted=encrypted):
            raise ForbiddenError(one, wants_tls=may_go(one, allowed))
    return addresses


def may_go(address: str, allowed: str, *, encrypted: bool = True) -> bool:
    """Whether an address may be called: a public one by TLS, one of the ``allowed`` networks so
    or without.

    Whatever stands for an address of IPv4 (mapped, NAT64, 6to4, Teredo) is not public: it could be
    any. One with a zone (``fe80::1%eth0``) never is.
    """
    ip = ip_address(address)
    if "%" not in address and is_allowed(ip, allowed):
        return True
    return encrypted and _is_public(ip)


def is_allowed(ip: Address, allowed: str) -> bool:
    """Whether the setting names a network that the address lies in."""
    return any(ip in ip_network(one) for one in allowed.replace(",", " ").split())


def _is_public(ip: Address) -> bool:
    if isinstance(ip, IPv6Address) and (ip not in _WORLD or any(ip in one for one in _STANDING_IN)):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved
