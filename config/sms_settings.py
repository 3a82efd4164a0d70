"""What the settings of text messages may say: ways out, prices, who may report. Pure."""

import re
from ipaddress import ip_network
from urllib.parse import parse_qs, urlsplit

_NEEDED = {"kannel": (), "aliyun": ("sign",), "tencent": ("app", "region", "sign")}
_BETWEEN = re.compile(r"[\s,]+(?=[a-z]+://)")
_PRICE = re.compile(r"[a-z]+(-\d)?=\d{1,3}(\.\d{1,4})?")
_SECONDS = re.compile(r"0\.[1-9]|[1-9]\d{0,2}")


def split(addresses: str) -> list[str]:
    """The addresses of several ways out, which blanks or commas part."""
    return _BETWEEN.split(addresses) if addresses else []


def urls(addresses: str) -> str:
    """Several ways out in their order; raises ValueError where one lacks what its vendor needs."""
    for url in split(addresses.strip()):
        parts = urlsplit(url)
        if parts.scheme not in _NEEDED:
            raise ValueError("must start with " + " or ".join(f"{name}://" for name in _NEEDED))
        query = parse_qs(parts.query)
        missing = [name for name in _NEEDED[parts.scheme] if name not in query]
        if missing:
            raise ValueError(f"{parts.scheme}:// needs " + ", ".join(missing))
        if parts.scheme == "kannel" and not parts.hostname:
            raise ValueError("kannel:// needs a host")
        if not _is_port(parts.netloc):
            raise ValueError("the port is a number from 1 to 65535")
        if not _SECONDS.fullmatch(query.get("timeout", ["20"])[0]):
            raise ValueError("timeout is a number of seconds from 0.1 to 999")
        if _NEEDED[parts.scheme] and not (parts.username and parts.password):
            raise ValueError(f"{parts.scheme}:// needs a key and its secret")
    return addresses.strip()


def _is_port(place: str) -> bool:
    try:
        return urlsplit(f"//{place}").port != 0
    except ValueError:
        return False


def networks(words: str) -> str:
    """Addresses and networks such as ``10.0.0.0/8``; raises ValueError for anything else."""
    for word in words.replace(",", " ").split():
        ip_network(word)
    return words


def prices(words: str) -> str:
    """Prices of a part in yuan, by way out; raises ValueError where they are no such list."""
    for word in words.replace(",", " ").split():
        if not _PRICE.fullmatch(word):
            raise ValueError("must be like kannel=0.03 aliyun=0.045")
    return words


def priced(words: str) -> dict[str, float]:
    """The price of a part by way out."""
    pairs = (word.partition("=") for word in words.replace(",", " ").split())
    return {name: float(price) for name, _, price in pairs}
