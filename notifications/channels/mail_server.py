"""A mail server as its address names it, and a connection that is ready to take mail."""

import smtplib
import ssl
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass(frozen=True)
class Server:
    """A mail server as ``smtp://user:password@host:port?starttls=1&timeout=20`` names it."""

    host: str
    port: int
    user: str
    password: str
    tls: bool
    starttls: bool
    timeout: float

    @classmethod
    def of(cls, url: str) -> "Server":
        """The server of a URL; ``smtps://`` speaks TLS from the start."""
        parts = urlsplit(url)
        query = parse_qs(parts.query)
        tls = parts.scheme == "smtps"
        starttls = query.get("starttls", ["0"])[0] == "1"
        return cls(
            host=parts.hostname or "localhost",
            port=parts.port or (465 if tls else 587 if starttls else 25),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            tls=tls,
            starttls=starttls,
            timeout=float(query.get("timeout", ["20"])[0]),
        )

    def connect(self) -> smtplib.SMTP:
        """A connection that is greeted, encrypted and signed in as the URL wants it."""
        if self.tls:
            context = ssl.create_default_context()
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=self.timeout, context=context
            )
        else:
            client = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            client.ehlo_or_helo_if_needed()
            if self.starttls:
                client.starttls(context=ssl.create_default_context())
                client.ehlo_or_helo_if_needed()
            if self.user:
                client.login(self.user, self.password)
        except BaseException:
            client.close()
            raise
        return client
