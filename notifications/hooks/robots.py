"""Robots of chat groups: DingTalk, WeCom, Feishu, and their government editions by address.

They answer 200 to nearly everything, so that the code in the answer's body counts. apprise looks at
the status alone, signs nothing for Feishu, and calls by sessions of its own.

open.dingtalk.com/document/robots/custom-robot-access
developer.work.weixin.qq.com/document/path/91770
open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus, urlsplit

from config.outgoing import Answer
from notifications.hooks import signing
from notifications.hooks.requests import Request, Verdict, judged_by_status
from notifications.hooks.states import EndpointKind, Outcome
from notifications.hooks.telling import Told

_BUSY = frozenset({-1, 130101, 45009, 9499, 11232})
"""Too many messages, or trouble of their own: DingTalk's, WeCom's and Feishu's codes."""


def request(told: Told, at: datetime) -> Request:
    """The POST that says it in the group, signed for this attempt."""
    url, body = told.target, _plain(told.text)
    if told.kind == EndpointKind.DINGTALK and told.secret:
        stamp = int(at.timestamp() * 1000)
        sign = quote_plus(signing.dingtalk(told.secret, stamp))
        url += ("&" if urlsplit(url).query else "?") + f"timestamp={stamp}&sign={sign}"
    if told.kind == EndpointKind.FEISHU:
        body = _of_feishu(told.text, told.secret, int(at.timestamp()))
    headers = {"Content-Type": "application/json; charset=utf-8"}
    return Request(url, headers, json.dumps(body, ensure_ascii=False).encode())


def judged(answer: Answer) -> Verdict:
    """What an answer means: 200 and a code of 0 is success."""
    verdict = judged_by_status(answer)
    if verdict.outcome != Outcome.ACCEPTED:
        return replace(verdict, outcome=_no_end(verdict.outcome))
    code = _code(answer.body)
    if code == 0:
        return verdict
    return replace(verdict, outcome=Outcome.BUSY if code in _BUSY else Outcome.REFUSED)


def _no_end(outcome: Outcome) -> Outcome:
    """410 has no meaning among robots: a gateway between may say it."""
    return Outcome.REFUSED if outcome == Outcome.GONE else outcome


def _code(body: bytes) -> int | None:
    """The vendor's code: ``errcode`` of DingTalk and WeCom, ``code`` of Feishu."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    code = said.get("errcode", said.get("code", said.get("StatusCode")))
    return code if type(code) is int else None


def _plain(text: str) -> Mapping[str, Any]:
    return {"msgtype": "text", "text": {"content": text}}


def _of_feishu(text: str, secret: str, stamp: int) -> Mapping[str, Any]:
    message = {"msg_type": "text", "content": {"text": text}}
    if not secret:
        return message
    return {"timestamp": str(stamp), "sign": signing.feishu(secret, stamp), **message}
