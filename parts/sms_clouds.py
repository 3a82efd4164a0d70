"""Stand-ins for the two SMS clouds: they check each signature, keep what they take, and answer.

A cloud can't be had on a machine of its own, so these answer as the vendors' published examples do.
The signatures are computed here anew by the vendors' rules, not by the product's code.
"""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, quote

from parts.ports import free_port

KEY_ID = "key-of-tests"
SECRET = "secret/of+tests"

Answer = dict[str, Any]


@dataclass(frozen=True)
class Taken:
    """A message that a cloud took for a number."""

    number: str
    template: str
    sign: str
    values: Any
    batch: str
    serial: str


@dataclass
class Cloud:
    """What both have in common; ``codes`` has another answer than success for a number or ``*``.

    ``hangs``: it takes messages and answers too late. ``reports`` says what became of a number's
    messages, or of the one with a serial.
    """

    codes: dict[str, str] = field(default_factory=dict)
    reports: dict[str, str] = field(default_factory=dict)
    taken: list[Taken] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    hangs: float = 0.0

    def __post_init__(self) -> None:
        self.port = free_port()
        self._server: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None
        self._serials = count(1)

    @property
    def endpoint(self) -> str:
        """Key, host and port for the product's address."""
        return f"{KEY_ID}:{quote(SECRET, safe='')}@127.0.0.1:{self.port}"

    def became(self, one: Taken) -> str:
        """What became of a message; empty where nothing is known yet."""
        return self.reports.get(one.serial, self.reports.get(one.number, ""))

    def answer(self, query: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """What it says to a call."""
        raise NotImplementedError

    def start(self) -> None:
        """Answer at ``port``."""
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def stop(self) -> None:
        """Be away."""
        if self._server and self._thread:
            self._server.shutdown()
            self._thread.join(10)
            self._server.server_close()
            self._server = self._thread = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


class AliyunCloud(Cloud):
    """dysmsapi, 2017-05-25."""

    def answer(self, query: str, headers: Mapping[str, str], body: bytes) -> Answer:
        if headers.get("authorization") != _acs3(query, headers, body):
            return {"Code": "SignatureDoesNotMatch", "Message": "signature is not conform"}
        said = dict(parse_qsl(query)) | dict(parse_qsl(body.decode()))
        action = headers["x-acs-action"]
        self.calls.append(action)
        if action == "QuerySendDetails":
            return self._details(said)
        numbers, signs, values = _asked_for(action, said)
        if len(numbers) > (1000 if action == "SendSms" else 100):
            return {"Code": "isv.MOBILE_COUNT_OVER_LIMIT", "Message": "too many"}
        for word in (*numbers, "*"):
            if code := self.codes.get(word):
                return {"Code": code, "Message": "refused", "RequestId": "819BE656-D2E0"}
        serial = f"90061974602343{next(self._serials)}^0"
        self.taken += [
            Taken(number, said["TemplateCode"], sign, value, said["OutId"], serial)
            for number, sign, value in zip(numbers, signs, values, strict=True)
        ]
        return {"Code": "OK", "Message": "OK", "BizId": serial, "RequestId": "819BE656-D2E0"}

    def _details(self, said: Mapping[str, str]) -> Answer:
        found = [one for one in self.taken if one.number == said["PhoneNumber"]]
        rows = [
            {
                "PhoneNum": one.number,
                "SendStatus": {"DELIVERED": 3, "": 1}.get(self.became(one), 2),
                "ErrCode": self.became(one),
                "TemplateCode": one.template,
                "Content": "【阿里云】您有1件待签收",
                "SendDate": "2019-01-08 16:44:10",
                "OutId": one.batch,
            }
            for one in found
        ]
        details = {"SmsSendDetailDTO": rows}
        return {
            "Code": "OK",
            "Message": "OK",
            "TotalCount": len(rows),
            "SmsSendDetailDTOs": details,
        }


class TencentCloud(Cloud):
    """sms, 2021-01-11."""

    def answer(self, query: str, headers: Mapping[str, str], body: bytes) -> Answer:
        if headers.get("authorization") != _tc3(headers, body):
            return _error("AuthFailure.SignatureFailure")
        if not headers.get("x-tc-region"):
            return _error("MissingParameter")
        said = json.loads(body)
        action = headers["x-tc-action"]
        self.calls.append(action)
        if action == "PullSmsSendStatusByPhoneNumber":
            return {"Response": {"PullSmsSendStatusSet": list(self._statuses(said))}}
        numbers = said["PhoneNumberSet"]
        if len(numbers) > 200:
            return _error("LimitExceeded.PhoneNumberCountLimit")
        if "*" in self.codes:
            return _error(self.codes["*"])
        return {"Response": {"SendStatusSet": [self._sent(one, said) for one in numbers]}}

    def _sent(self, number: str, said: Mapping[str, Any]) -> Answer:
        code = self.codes.get(number, "Ok")
        serial = f"5000:1045710669157053657849{next(self._serials)}" if code == "Ok" else ""
        if code == "Ok":
            sent = said["TemplateId"], said["SignName"], said["TemplateParamSet"]
            self.taken.append(Taken(number, *sent, said["SessionContext"], serial))
        return {
            "SerialNo": serial,
            "PhoneNumber": number,
            "Fee": int(code == "Ok"),
            "SessionContext": said["SessionContext"],
            "Code": code,
            "Message": "send success" if code == "Ok" else "refused",
            "IsoCode": "CN",
        }

    def _statuses(self, said: Mapping[str, Any]) -> Iterator[Answer]:
        for one in self.taken:
            report = self.became(one)
            if one.number == said["PhoneNumber"] and report:
                yield {
                    "UserReceiveTime": 1620000000,
                    "CountryCode": "86",
                    "PhoneNumber": one.number,
                    "SerialNo": one.serial,
                    "ReportStatus": "SUCCESS" if report == "DELIVRD" else "FAIL",
                    "Description": report,
                    "SessionContext": one.batch,
                }


def _asked_for(action: str, said: Mapping[str, str]) -> tuple[list[str], list[str], list[Any]]:
    """Numbers, signatures and values of a call, one of each for every message."""
    if action == "SendBatchSms":
        names = ("PhoneNumberJson", "SignNameJson", "TemplateParamJson")
        numbers, signs, values = (json.loads(said[name]) for name in names)
        return numbers, signs, values
    numbers = said["PhoneNumbers"].split(",")
    value = json.loads(said.get("TemplateParam", "{}"))
    return numbers, [said["SignName"]] * len(numbers), [value] * len(numbers)


def _error(code: str) -> Answer:
    return {"Response": {"Error": {"Code": code, "Message": "refused"}, "RequestId": "5b16"}}


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), "sha256").digest()


def _acs3(query: str, headers: Mapping[str, str], body: bytes) -> str:
    """The header that Alibaba Cloud computes of a request, by the names that it says are signed."""
    names = headers["authorization"].partition("SignedHeaders=")[2].partition(",")[0]
    pairs = sorted((quote(n, safe="~"), quote(v, safe="~")) for n, v in parse_qsl(query))
    lines = "".join(f"{name}:{headers[name]}\n" for name in names.split(";"))
    asked = "&".join(f"{name}={value}" for name, value in pairs)
    whole = f"POST\n/\n{asked}\n{lines}\n{names}\n{_sha(body)}"
    signature = _hmac(SECRET.encode(), f"ACS3-HMAC-SHA256\n{_sha(whole.encode())}").hex()
    needed = {"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-version"}
    needed |= {"x-acs-signature-nonce"}
    if not needed <= set(names.split(";")) or headers["x-acs-content-sha256"] != _sha(body):
        return ""
    return f"ACS3-HMAC-SHA256 Credential={KEY_ID},SignedHeaders={names},Signature={signature}"


def _tc3(headers: Mapping[str, str], body: bytes) -> str:
    """The header that Tencent Cloud computes of a request."""
    stamp = headers["x-tc-timestamp"]
    day = datetime.fromtimestamp(int(stamp), UTC).strftime("%Y-%m-%d")
    lines = f"content-type:{headers['content-type']}\nhost:{headers['host']}\n"
    whole = f"POST\n/\n\n{lines}\ncontent-type;host\n{_sha(body)}"
    scope = f"{day}/sms/tc3_request"
    text = f"TC3-HMAC-SHA256\n{stamp}\n{scope}\n{_sha(whole.encode())}"
    key = _hmac(_hmac(_hmac(f"TC3{SECRET}".encode(), day), "sms"), "tc3_request")
    return (
        f"TC3-HMAC-SHA256 Credential={KEY_ID}/{scope}, SignedHeaders=content-type;host, "
        f"Signature={_hmac(key, text).hex()}"
    )


def _handler(cloud: Cloud) -> type[BaseHTTPRequestHandler]:
    answer: Callable[[str, Mapping[str, str], bytes], Answer] = cloud.answer

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            said = json.dumps(answer(self.path.partition("?")[2], headers, body)).encode()
            time.sleep(cloud.hangs)
            with suppress(OSError):
                self.send_response(400 if b"SignatureDoesNotMatch" in said else 200)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Handler
