"""What the settings of addresses may say: databases, servers, mailboxes, our own. Pure."""

import re
from collections.abc import Callable
from urllib.parse import SplitResult, parse_qsl, urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

_HOST = re.compile(r"(\*\.)?[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9])?")


def database(url: str) -> str:
    """Name the driver, so that ``postgresql://`` and ``postgres://`` reach psycopg 3."""
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            url = "postgresql+psycopg://" + url.removeprefix(plain)
    try:
        backend = make_url(url).get_backend_name() if url else "sqlite"
    except ArgumentError as error:
        raise ValueError("not a database address") from error
    if backend not in ("sqlite", "postgresql"):
        raise ValueError("only sqlite:// and postgresql:// are supported")
    return url


def server(*schemes: str) -> Callable[[str], str]:
    """A check for addresses of these schemes, which raises ValueError where one leads nowhere."""

    def check(url: str) -> str:
        if url:
            _check_server(urlsplit(url), schemes)
        return url

    return check


def _check_server(parts: SplitResult, schemes: tuple[str, ...]) -> None:
    if parts.scheme not in schemes:
        raise ValueError("must start with " + " or ".join(f"{name}://" for name in schemes))
    if parts.scheme == "unix":
        if not parts.path.strip("/"):
            raise ValueError("must name a socket, as unix:///run/clamd.sock does")
    elif not parts.hostname or not _has_port(parts):
        raise ValueError("must name a host, and a port from 1 to 65535 where it names one")
    if parts.scheme == "s3" and not parts.path.strip("/"):
        raise ValueError("must name a bucket, as s3://KEY:SECRET@host/bucket does")


def mail_server(url: str) -> str:
    """A mail server's address; a misspelt option must not leave a password unencrypted."""
    parts = urlsplit(server("smtp", "smtps")(url))
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if set(options) - {"starttls", "timeout"}:
        raise ValueError("knows no options but starttls and timeout")
    if options.get("starttls", "0") not in ("0", "1"):
        raise ValueError("starttls is 0 or 1")
    if not re.fullmatch(r"[1-9]\d{0,2}", options.get("timeout", "20")):
        raise ValueError("timeout is seconds from 1 to 999")
    return url


def hosts(words: str) -> str:
    """Names of hosts, ``*.`` before one for all below it; raises ValueError for anything else."""
    for word in words.replace(",", " ").split():
        if not _HOST.fullmatch(word):
            raise ValueError(
                f"{word!r} is no host's name; must be like oapi.example.gov.cn *.example.gov.cn"
            )
    return words


def _has_port(parts: SplitResult) -> bool:
    try:
        return parts.port != 0
    except ValueError:
        return False


def mail_address(address: str) -> str:
    """A sender's address; letters that could begin another header are refused."""
    local, _, domain = address.rpartition("@")
    if not local or not domain or not re.fullmatch(r"[!-;=?-~]+", address):
        raise ValueError("not a mail address")
    return address
