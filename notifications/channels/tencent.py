"""SMS through Tencent Cloud (sms, version 2021-01-11): templates alone, an answer a number."""

import json
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
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
from notifications.channels.signing import tc3
from notifications.states import Action

VERSION = "2021-01-11"
NUMBERS = 200
"""How many numbers a call takes; all get the same words."""

_MOST = 100
_AROUND = timedelta(minutes=5)

# cloud.tencent.com/document/product/382/55981, its error codes. What is not named is refused.
_DOWN = (
    *("AuthFailure", "UnauthorizedOperation", "UnsupportedRegion", "NoSuchVersion"),
    *("FailedOperation.InsufficientBalanceInSmsPackage", "LimitExceeded.AppDailyLimit"),
    *("LimitExceeded.AppMainlandChinaDailyLimit", "InvalidParameterValue.SdkAppIdNotExist"),
)
_LATER = (
    *("RequestLimitExceeded", "LimitExceeded.PhoneNumber", "LimitExceeded.DeliveryFrequencyLimit"),
    "ResourceInsufficient",
)
_NOBODY_KNOWS = ("InternalError",)


class Tencent:
    """The way out named by ``tencent://ID:KEY@?app=APP&region=REGION&sign=SIGNATURE``."""

    chunk = NUMBERS

    def __init__(self, url: str) -> None:
        self._line = Line(url, "sms.tencentcloudapi.com")
        self._app = self._line.query.get("app", "")

    def send(self, parcels: Sequence[Parcel], seconds: float) -> Sent:
        """Send the parcels, those that say the same in one call."""
        sent, until = Sent(), time.monotonic() + seconds
        try:
            for alike in _same_words(parcels):
                for batch in batches(alike, NUMBERS, NUMBERS):
                    if time.monotonic() > until:
                        return sent
                    self._batch(batch, sent)
                    if sent.down:
                        return sent
        except DownError as error:
            sent.down = str(error)
        return sent

    def close(self) -> None:
        """End the connections that are kept."""
        self._line.close()

    def traces(self, address: str, batch: str, at: datetime) -> list[Trace]:
        """What it took for ``address`` in ``batch``, by PullSmsSendStatusByPhoneNumber."""
        said = self._call(
            "PullSmsSendStatusByPhoneNumber",
            {
                "BeginTime": int((at - _AROUND).timestamp()),
                "EndTime": int((at + _AROUND).timestamp()),
                "Offset": 0,
                "Limit": _MOST,
                "PhoneNumber": address,
                "SmsSdkAppId": self._app,
            },
        )
        if error := said.get("Error"):
            raise SilentError(_words(error))
        return [
            Trace(
                str(one.get("SerialNo", "")),
                Action.REPORT_DELIVERED
                if one.get("ReportStatus") == "SUCCESS"
                else Action.REPORT_FAILED,
                str(one.get("Description", "")),
            )
            for one in said.get("PullSmsSendStatusSet") or ()
            if one.get("SessionContext") == batch
        ]

    def _batch(self, parcels: Sequence[Parcel], sent: Sent) -> None:
        """Send one batch; raises DownError where the call was refused as a whole."""
        try:
            said = self._call("SendSms", self._request(parcels))
        except SilentError as silence:
            sent.results += [_lost(one, str(silence)) for one in parcels]
            return
        error = said.get("Error")
        if error and str(error.get("Code", "")).startswith(_DOWN):
            raise DownError(_words(error))
        answers = {one.get("PhoneNumber"): one for one in said.get("SendStatusSet") or ()}
        for parcel in parcels:
            answer = error or answers.get(parcel.address)
            sent.results.append(_result(parcel, answer or {"Message": "not in the answer"}))
        # Beside numbers that were taken, one may say that nothing more is.
        downs = (_words(one) for one in answers.values() if str(one.get("Code")).startswith(_DOWN))
        sent.down = next(downs, "")

    def _request(self, parcels: Sequence[Parcel]) -> dict[str, Any]:
        form = parcels[0].form
        assert form is not None
        return {
            "PhoneNumberSet": [one.address for one in parcels],
            "SmsSdkAppId": self._app,
            "TemplateId": form.code,
            "SignName": form.sign,
            "TemplateParamSet": list(form.values.values()),
            "SessionContext": parcels[0].batch,
        }

    def _call(self, action: str, content: Mapping[str, Any]) -> dict[str, Any]:
        body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        headers = tc3(
            self._line.key,
            "sms",
            {"content-type": "application/json; charset=utf-8", "host": self._line.host},
            body,
            clock.now(),
        )
        headers |= {
            "X-TC-Action": action,
            "X-TC-Version": VERSION,
            "X-TC-Region": self._line.query.get("region", ""),
        }
        said = self._line.post("", headers, body).get("Response")
        if not isinstance(said, dict):
            raise SilentError("no answer in it")
        return said


def _same_words(parcels: Sequence[Parcel]) -> list[list[Parcel]]:
    """The parcels by what they say; those of one group can go out together."""
    groups: list[tuple[Form | None, list[Parcel]]] = []
    for parcel in parcels:
        for form, some in groups:
            if form == parcel.form:
                some.append(parcel)
                break
        else:
            groups.append((parcel.form, [parcel]))
    return [some for _, some in groups]


def _lost(parcel: Parcel, why: str) -> Result:
    return Result(parcel.delivery_id, Action.LOSE, "no_answer", why)


def _result(parcel: Parcel, said: Mapping[str, Any]) -> Result:
    """What an answer, or the error of a whole call, means for a number."""
    code = str(said.get("Code", ""))
    if code == "Ok":
        serial = str(said.get("SerialNo", ""))
        return Result(parcel.delivery_id, Action.ACCEPT, "accepted", _words(said), serial=serial)
    if code.startswith(_LATER + _DOWN):
        return Result(parcel.delivery_id, Action.DEFER, "deferred", _words(said))
    if code.startswith(_NOBODY_KNOWS) or not code:
        return _lost(parcel, _words(said))
    return Result(parcel.delivery_id, Action.REFUSE, "refused", _words(said))


def _words(said: Mapping[str, Any]) -> str:
    return f"{said.get('Code', '')} {said.get('Message', '')}".strip()
