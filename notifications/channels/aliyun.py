"""SMS through Alibaba Cloud (dysmsapi, version 2017-05-25): templates alone, in batches."""

import json
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

from config import clock
from notifications.channels.base import (
    DownError,
    Form,
    Parcel,
    Result,
    Sent,
    SilentError,
    Trace,
)
from notifications.channels.batching import batches
from notifications.channels.calling import Line
from notifications.channels.signing import acs3, encoded
from notifications.states import Action

VERSION = "2017-05-25"
ALIKE = 1000
"""How many numbers a call takes that all get the same words."""
UNLIKE = 100
"""How many numbers a call takes that get words of their own."""

_PAGE = 50
_CHINA = timezone(timedelta(hours=8))  # the days of its records

# help.aliyun.com/zh/sms/developer-reference/api-error-codes. What is not named here is refused.
_DOWN = frozenset(
    {
        *("isv.ACCOUNT_NOT_EXISTS", "isv.ACCOUNT_ABNORMAL", "isv.AMOUNT_NOT_ENOUGH"),
        *("isv.OUT_OF_SERVICE", "isv.PRODUCT_UNSUBSCRIBE", "isv.PRODUCT_UN_SUBSCRIPT"),
        *("isp.RAM_PERMISSION_DENY", "isv.DAY_LIMIT_CONTROL", "isv.MONTH_LIMIT_CONTROL"),
        *("InvalidAccessKeyId.NotFound", "InvalidAccessKeyId.Inactive", "Forbidden.RAM"),
        *("SignatureDoesNotMatch", "InvalidTimeStamp.Expired", "NoPermission"),
    }
)
_LATER = frozenset({"isv.BUSINESS_LIMIT_CONTROL", "isp.SYSTEM_ERROR", "isp.GATEWAY_ERROR"})
_OF_ONE = frozenset(
    {
        *("isv.BUSINESS_LIMIT_CONTROL", "isv.MOBILE_NUMBER_ILLEGAL", "isv.PARAM_LENGTH_LIMIT"),
        *("isv.BLACK_KEY_CONTROL_LIMIT", "isv.PARAM_NOT_SUPPORT_URL", "isv.INVALID_PARAMETERS"),
        *("isv.INVALID_JSON_PARAM", "isv.TEMPLATE_MISSING_PARAMETERS"),
    }
)
"""What one number or its words can cause, for which a whole batch is refused."""


class Aliyun:
    """The way out named by ``aliyun://KEY:SECRET@?sign=SIGNATURE``; a host is another endpoint."""

    chunk = UNLIKE

    def __init__(self, url: str) -> None:
        self._line = Line(url, "dysmsapi.aliyuncs.com")

    def send(self, parcels: Sequence[Parcel], seconds: float) -> Sent:
        """Send the parcels, as many in a call as it takes."""
        sent, until = Sent(), time.monotonic() + seconds
        try:
            for batch in batches(parcels, ALIKE, UNLIKE):
                if time.monotonic() > until:
                    break
                self._batch(batch, sent)
        except DownError as error:
            sent.down = str(error)
        return sent

    def close(self) -> None:
        """End the connections that are kept."""
        self._line.close()

    def traces(self, address: str, batch: str, at: datetime) -> list[Trace]:
        """What it took for ``address`` in ``batch``, by QuerySendDetails."""
        found: list[Trace] = []
        # Sent just before midnight, it may be in the records of the day after.
        for day in sorted({at.astimezone(_CHINA).date(), (at + _LATE).astimezone(_CHINA).date()}):
            query = {
                "PhoneNumber": _number(address),
                "SendDate": day.strftime("%Y%m%d"),
                "PageSize": str(_PAGE),
                "CurrentPage": "1",
            }
            said = self._call("QuerySendDetails", query)
            if said.get("Code") != "OK":
                raise SilentError(_words(said))
            found += _traces(said, batch)
        return found

    def _batch(self, parcels: Sequence[Parcel], sent: Sent) -> None:
        """Send one batch; one that is refused because of one of its numbers goes by halves.

        Raises DownError.
        """
        ids = [one.delivery_id for one in parcels]
        try:
            said = self._call(*_request(parcels))
        except SilentError as error:
            sent.results += [Result(one, Action.LOSE, "no_answer", str(error)) for one in ids]
            return
        code = str(said.get("Code", ""))
        if code in _DOWN:
            raise DownError(_words(said))
        if code in _OF_ONE and len(parcels) > 1:
            half = len(parcels) // 2
            self._batch(parcels[:half], sent)
            self._batch(parcels[half:], sent)
            return
        action, outcome = _judged(code)
        serial = str(said.get("BizId", ""))
        sent.results += [Result(one, action, outcome, _words(said), serial=serial) for one in ids]

    def _call(
        self, action: str, query: Mapping[str, str], form: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        headers = {
            "host": self._line.host,
            "x-acs-action": action,
            "x-acs-version": VERSION,
            "x-acs-date": clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "x-acs-signature-nonce": secrets.token_hex(16),
        }
        if form:
            headers["content-type"] = "application/x-www-form-urlencoded"
        body = encoded(form or {}).encode()
        return self._line.post(encoded(query), acs3(self._line.key, query, headers, body), body)


_LATE = timedelta(minutes=5)


def _request(parcels: Sequence[Parcel]) -> tuple[str, dict[str, str], dict[str, str]]:
    """The call that sends these parcels, which share a template: its name, query and form."""
    forms = list(_forms(parcels))
    query = {"TemplateCode": forms[0].code, "OutId": parcels[0].batch}
    numbers = [_number(one.address) for one in parcels]
    if all(form == forms[0] for form in forms):
        values = {"TemplateParam": _json(forms[0].values)} if forms[0].values else {}
        query |= {"PhoneNumbers": ",".join(numbers), "SignName": forms[0].sign, **values}
        return "SendSms", query, {}
    return (
        "SendBatchSms",
        query,
        {
            "PhoneNumberJson": _json(numbers),
            "SignNameJson": _json([form.sign for form in forms]),
            "TemplateParamJson": _json([form.values for form in forms]),
        },
    )


def _forms(parcels: Sequence[Parcel]) -> Iterator[Form]:
    for parcel in parcels:
        assert parcel.form is not None
        yield parcel.form


def _judged(code: str) -> tuple[Action, str]:
    if code == "OK":
        return Action.ACCEPT, "accepted"
    if code in _LATER or code.startswith("Throttling"):
        return Action.DEFER, "deferred"
    if code.startswith("isv.") or "." in code:
        return Action.REFUSE, "refused"
    return Action.LOSE, "no_answer"


_STATES = {"1": Action.REPORT_ACCEPTED, "2": Action.REPORT_FAILED, "3": Action.REPORT_DELIVERED}


def _traces(said: Mapping[str, Any], batch: str) -> Iterator[Trace]:
    details = said.get("SmsSendDetailDTOs") or {}
    for one in details.get("SmsSendDetailDTO") or ():
        action = _STATES.get(str(one.get("SendStatus")))
        if one.get("OutId") == batch and action:
            yield Trace(str(one.get("BizId") or ""), action, str(one.get("ErrCode") or ""))


def _number(address: str) -> str:
    """A number at home goes without +86, another with its country's code alone."""
    return address.removeprefix("+86").removeprefix("+")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _words(said: Mapping[str, Any]) -> str:
    return f"{said.get('Code', '')} {said.get('Message', '')}".strip()
