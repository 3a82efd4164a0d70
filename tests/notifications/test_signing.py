"""Signatures of requests, against the examples that the vendors publish with their rules."""

from datetime import UTC, datetime, timedelta, timezone

from notifications.channels.signing import Key, acs3, tc3


def test_alibaba_cloud() -> None:
    """help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature, its example."""
    headers = acs3(
        Key("YourAccessKeyId", "YourAccessKeySecret"),
        {
            "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
            "RegionId": "cn-shanghai",
        },
        {
            "host": "ecs.cn-shanghai.aliyuncs.com",
            "x-acs-action": "RunInstances",
            "x-acs-version": "2014-05-26",
            "x-acs-date": "2023-10-26T10:22:32Z",
            "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        },
        b"",
    )
    assert headers["x-acs-content-sha256"] == (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )
    assert headers["Authorization"] == (
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,"
        "SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;"
        "x-acs-signature-nonce;x-acs-version,"
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_tencent_cloud() -> None:
    """cloud.tencent.com/document/api/862/37573, its example."""
    headers = tc3(
        Key("AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"),
        "cvm",
        {"content-type": "application/json; charset=utf-8", "host": "cvm.tencentcloudapi.com"},
        rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}',
        datetime.fromtimestamp(1551113065, UTC),
    )
    assert headers["X-TC-Timestamp"] == "1551113065"
    assert headers["Authorization"] == (
        "TC3-HMAC-SHA256 "
        "Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, "
        "SignedHeaders=content-type;host, "
        "Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
    )


def test_the_day_of_tencents_scope_is_that_of_its_second_in_utc() -> None:
    """In China it is the next day already from four in the afternoon in UTC."""
    at = datetime.fromtimestamp(1551113065, timezone(timedelta(hours=12)))
    assert at.day == 26
    signed = tc3(Key("id", "secret"), "sms", {"host": "sms.tencentcloudapi.com"}, b"{}", at)
    assert "Credential=id/2019-02-25/sms/tc3_request" in signed["Authorization"]
