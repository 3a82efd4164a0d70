"""How clouds want requests signed, by their published rules. Pure: nothing is read or sent here.

ACS3-HMAC-SHA256: help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature.
TC3-HMAC-SHA256: cloud.tencent.com/document/product/382/52072.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

ACS3 = "ACS3-HMAC-SHA256"
TC3 = "TC3-HMAC-SHA256"


@dataclass(frozen=True)
class Key:
    """The two halves of an access key: the one that is shown and the one that signs."""

    id: str
    secret: str


def encoded(query: Mapping[str, str]) -> str:
    """A query string in the one form that a signature knows: sorted, and quoted by RFC 3986."""
    return "&".join(
        f"{quote(name, safe='-_.~')}={quote(query[name], safe='-_.~')}" for name in sorted(query)
    )


def acs3(
    key: Key, query: Mapping[str, str], headers: Mapping[str, str], body: bytes
) -> dict[str, str]:
    """The headers of a POST to ``/`` at Alibaba Cloud, signature included.

    ``headers`` hold ``host`` and the ``x-acs-…`` of the call without its content's hash.
    """
    digest = hashlib.sha256(body).hexdigest()
    signed = {name.lower(): value for name, value in headers.items()}
    signed["x-acs-content-sha256"] = digest
    names, request = _canonical(encoded(query), signed, digest)
    signature = _hmac(key.secret.encode(), f"{ACS3}\n{request}").hex()
    signed["Authorization"] = (
        f"{ACS3} Credential={key.id},SignedHeaders={names},Signature={signature}"
    )
    return signed


def tc3(
    key: Key, service: str, headers: Mapping[str, str], body: bytes, at: datetime
) -> dict[str, str]:
    """The headers of a POST to ``/`` at Tencent Cloud, signature included.

    ``headers`` are the two that must be signed: ``content-type`` and ``host``. ``at`` counts to the
    second; the cloud refuses what is off by more than five minutes.
    """
    stamp, day = str(int(at.timestamp())), at.astimezone(UTC).strftime("%Y-%m-%d")
    names, request = _canonical("", headers, hashlib.sha256(body).hexdigest())
    scope = f"{day}/{service}/tc3_request"
    derived = f"TC3{key.secret}".encode()
    for word in scope.split("/"):
        derived = _hmac(derived, word)
    signature = _hmac(derived, f"{TC3}\n{stamp}\n{scope}\n{request}").hex()
    credential = f"{TC3} Credential={key.id}/{scope}"
    return {
        **headers,
        "X-TC-Timestamp": stamp,
        "Authorization": f"{credential}, SignedHeaders={names}, Signature={signature}",
    }


def _canonical(query: str, headers: Mapping[str, str], digest: str) -> tuple[str, str]:
    """The names of the headers that are signed, and the hash of the request in canonical form."""
    names = sorted(headers)
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in names)
    request = "\n".join(("POST", "/", query, lines, ";".join(names), digest))
    return ";".join(names), hashlib.sha256(request.encode()).hexdigest()


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
