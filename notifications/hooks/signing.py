"""How other systems want calls signed, by their published rules. Pure."""

import base64
import hashlib
import hmac
import secrets

PREFIX = "whsec_"
_SECRET_BYTES = 32  # the specification wants 24 to 64


def new_secret() -> str:
    """A secret as Standard Webhooks writes it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def webhook(secret: str, message_id: str, stamp: int, body: bytes) -> str:
    """The header ``webhook-signature``: over id, second and body, with dots between them.

    github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md, "Signature scheme".
    """
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return "v1," + _signed(key, f"{message_id}.{stamp}.".encode() + body)


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
