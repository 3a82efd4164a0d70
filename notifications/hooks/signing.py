"""How other systems want calls signed, by their published rules. Pure."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

PREFIX = "whsec_"
_SECRET_BYTES = 32  # the specification wants 24 to 64


def new_secret() -> str:
    """A secret as Standard Webhooks writes it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def webhook(secrets_in_use: Sequence[str], message_id: str, stamp: int, body: bytes) -> str:
    """The header ``webhook-signature``: over id, second and body, with dots between them.

    One signature for each secret in use, with a space between them, so that the other side can
    change its secret when it likes. github.com/standard-webhooks/standard-webhooks,
    spec/standard-webhooks.md, "Signature scheme" and "Webhook headers".
    """
    words = f"{message_id}.{stamp}.".encode() + body
    keys = (base64.b64decode(secret.removeprefix(PREFIX)) for secret in secrets_in_use)
    return " ".join("v1," + _signed(key, words) for key in keys)


def dingtalk(secret: str, stamp: int) -> str:
    """``sign`` in the address: the secret signs millisecond, line break and itself.

    open.dingtalk.com/document/robots/customize-robot-security-settings
    """
    return _signed(secret.encode(), f"{stamp}\n{secret}".encode())


def feishu(secret: str, stamp: int) -> str:
    """``sign`` in the body: second, line break and secret are the key, and nothing is signed.

    open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
    """
    return _signed(f"{stamp}\n{secret}".encode(), b"")


def _signed(key: bytes, words: bytes) -> str:
    return base64.b64encode(hmac.new(key, words, hashlib.sha256).digest()).decode()
