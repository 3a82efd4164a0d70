"""The ways out to two clouds, against stand-ins that check every signature."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest

from notifications.channels.aliyun import Aliyun
from notifications.channels.base import Cloud, DownError, Form, Parcel
from notifications.channels.tencent import Tencent
from notifications.states import Action
from parts.sms_clouds import AliyunCloud, TencentCloud

NOW = datetime(2018, 5, 4, 1, tzinfo=UTC)


def parcels(count: int, *, alike: bool = True, first: int = 0) -> list[Parcel]:
    return [
        Parcel(
            number,
            f"ref-{number}",
            f"+86138000{number:05}",
            b"",
            batch="batch-1",
            form=Form("SMS_1", "畅通", {"n": "2" if alike else str(number), "m": "1 & 2=3"}),
        )
        for number in range(first, first + count)
    ]


@pytest.fixture
def aliyun() -> Iterator[AliyunCloud]:
    with AliyunCloud() as cloud:
        yield cloud


@pytest.fixture
def tencent() -> Iterator[TencentCloud]:
    with TencentCloud() as cloud:
        yield cloud


@pytest.fixture
def to_aliyun(aliyun: AliyunCloud) -> Iterator[Aliyun]:
    made = Aliyun(f"aliyun://{aliyun.endpoint}?sign=畅通&tls=0&timeout=5")
    yield made
    made.close()


@pytest.fixture
def to_tencent(tencent: TencentCloud) -> Iterator[Tencent]:
    query = "app=1400006666&region=ap-guangzhou&sign=畅通&tls=0&timeout=5"
    made = Tencent(f"tencent://{tencent.endpoint}?{query}")
    yield made
    made.close()


def actions(cloud: Cloud, some: Sequence[Parcel]) -> list[Action]:
    sent = cloud.send(some, 60)
    assert not sent.down
    return [one.action for one in sorted(sent.results, key=lambda one: one.delivery_id)]


def test_those_who_get_the_same_go_in_one_call(aliyun: AliyunCloud, to_aliyun: Aliyun) -> None:
    sent = to_aliyun.send(parcels(150), 60)
    assert aliyun.calls == ["SendSms"]
    assert {one.serial for one in sent.results} == {one.serial for one in aliyun.taken}
    assert aliyun.taken[7].number == "13800000007"
    assert aliyun.taken[7].values == {"n": "2", "m": "1 & 2=3"}
    assert {one.batch for one in aliyun.taken} == {"batch-1"}


def test_those_who_get_words_of_their_own_go_by_the_hundred(
    aliyun: AliyunCloud, to_aliyun: Aliyun
) -> None:
    assert actions(to_aliyun, parcels(150, alike=False)) == [Action.ACCEPT] * 150
    assert aliyun.calls == ["SendBatchSms"] * 2
    assert [one.values["n"] for one in aliyun.taken] == [str(n) for n in range(150)]


def test_a_number_twice_is_two_calls(aliyun: AliyunCloud, to_aliyun: Aliyun) -> None:
    twice = [*parcels(2), *parcels(1)]
    assert len(to_aliyun.send(twice, 60).results) == 3
    assert aliyun.calls == ["SendSms"] * 2


@pytest.mark.parametrize(
    ("code", "action"),
    [
        ("isv.MOBILE_NUMBER_ILLEGAL", Action.REFUSE),
        ("isv.SMS_TEMPLATE_ILLEGAL", Action.REFUSE),
        ("isv.BUSINESS_LIMIT_CONTROL", Action.DEFER),
        ("Throttling.User", Action.DEFER),
        ("isp.SYSTEM_ERROR", Action.DEFER),
    ],
)
def test_what_a_code_of_alibaba_cloud_means(
    aliyun: AliyunCloud, to_aliyun: Aliyun, code: str, action: Action
) -> None:
    aliyun.codes["*"] = code
    assert actions(to_aliyun, parcels(1)) == [action]


def test_one_wrong_number_fails_no_other(aliyun: AliyunCloud, to_aliyun: Aliyun) -> None:
    aliyun.codes["13800000003"] = "isv.MOBILE_NUMBER_ILLEGAL"
    done = actions(to_aliyun, parcels(8))
    assert done == [Action.ACCEPT] * 3 + [Action.REFUSE] + [Action.ACCEPT] * 4
    assert sorted(one.number[-1] for one in aliyun.taken) == list("0124567")


@pytest.mark.parametrize("code", ["isv.AMOUNT_NOT_ENOUGH", "SignatureDoesNotMatch"])
def test_what_is_no_fault_of_the_message(aliyun: AliyunCloud, to_aliyun: Aliyun, code: str) -> None:
    aliyun.codes["*"] = code
    sent = to_aliyun.send(parcels(3), 60)
    assert code in sent.down
    assert sent.results == []


def test_a_wrong_secret_sends_nothing(aliyun: AliyunCloud) -> None:
    wrong = Aliyun(f"aliyun://{aliyun.endpoint.replace('tests@', 'test@')}?sign=畅通&tls=0")
    assert "SignatureDoesNotMatch" in wrong.send(parcels(1), 60).down
    assert aliyun.taken == []
    wrong.close()


def test_nobody_listens(to_aliyun: Aliyun, to_tencent: Tencent, aliyun: AliyunCloud) -> None:
    aliyun.stop()
    sent = to_aliyun.send(parcels(3), 60)
    assert (sent.down, sent.results) == ("connection refused", [])


def test_an_answer_too_late_leaves_it_unknown_and_is_asked_about(aliyun: AliyunCloud) -> None:
    slow = Aliyun(f"aliyun://{aliyun.endpoint}?sign=畅通&tls=0&timeout=0.2")
    aliyun.hangs = 0.6
    assert actions(slow, parcels(2)) == [Action.LOSE] * 2
    aliyun.hangs = 0
    assert len(aliyun.taken) == 2  # it was sent once
    aliyun.reports["13800000000"] = "DELIVERED"
    aliyun.reports["13800000001"] = "MOBILE_NOT_ON_SERVICE"
    said = [slow.traces(one.address, "batch-1", NOW) for one in parcels(3)]
    assert [[trace.action for trace in one] for one in said] == [
        [Action.REPORT_DELIVERED],
        [Action.REPORT_FAILED],
        [],
    ]
    assert slow.traces("+8613800000000", "batch-2", NOW) == []
    slow.close()


def test_tencent_takes_two_hundred_in_a_call(tencent: TencentCloud, to_tencent: Tencent) -> None:
    sent = to_tencent.send(parcels(250), 60)
    assert tencent.calls == ["SendSms"] * 2
    assert {one.serial for one in sent.results} == {one.serial for one in tencent.taken}
    assert len({one.serial for one in sent.results}) == 250
    assert tencent.taken[0].number == "+8613800000000"
    assert tencent.taken[0].values == ["2", "1 & 2=3"]


@pytest.mark.parametrize(
    ("code", "action"),
    [
        ("FailedOperation.PhoneNumberInBlacklist", Action.REFUSE),
        ("InvalidParameterValue.IncorrectPhoneNumber", Action.REFUSE),
        ("LimitExceeded.PhoneNumberDailyLimit", Action.DEFER),
        ("LimitExceeded.PhoneNumberThirtySecondLimit", Action.DEFER),
        ("InternalError.Timeout", Action.LOSE),
    ],
)
def test_what_a_code_of_tencent_means_for_a_number(
    tencent: TencentCloud, to_tencent: Tencent, code: str, action: Action
) -> None:
    tencent.codes["+8613800000001"] = code
    assert actions(to_tencent, parcels(3)) == [Action.ACCEPT, action, Action.ACCEPT]


def test_a_package_used_up_in_the_middle_doubles_nobody(
    tencent: TencentCloud, to_tencent: Tencent
) -> None:
    tencent.codes["+8613800000001"] = "FailedOperation.InsufficientBalanceInSmsPackage"
    sent = to_tencent.send(parcels(3), 60)
    assert "InsufficientBalance" in sent.down
    done = {one.delivery_id: one.action for one in sent.results}
    assert done == {0: Action.ACCEPT, 1: Action.DEFER, 2: Action.ACCEPT}


@pytest.mark.parametrize("code", ["AuthFailure.SecretIdNotFound", "UnauthorizedOperation"])
def test_tencent_takes_nothing(tencent: TencentCloud, to_tencent: Tencent, code: str) -> None:
    tencent.codes["*"] = code
    sent = to_tencent.send(parcels(3), 60)
    assert code in sent.down
    assert sent.results == []


def test_tencent_is_asked(tencent: TencentCloud, to_tencent: Tencent) -> None:
    to_tencent.send(parcels(2), 60)
    tencent.reports["+8613800000000"] = "DELIVRD"
    [trace] = to_tencent.traces("+8613800000000", "batch-1", NOW)
    assert (trace.action, trace.serial) == (Action.REPORT_DELIVERED, tencent.taken[0].serial)
    assert to_tencent.traces("+8613800000001", "batch-1", NOW) == []
    tencent.stop()
    with pytest.raises(DownError):
        to_tencent.traces("+8613800000001", "batch-1", NOW)
