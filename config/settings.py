"""Settings from the environment, prefix ``CHANGTONG_``; a wrong one stops the start."""

import fcntl
import os
import re
import secrets
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from config import sms_settings
from config.addresses import database, hosts, mail_address, mail_server, server

PREFIX = "CHANGTONG_"


class SettingsError(Exception):
    """A setting is missing or wrong; the message is one line that says which and why."""


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"unknown time zone {name!r}")
    return name


def _pace(text: str) -> str:
    """``20`` or ``*=20,qq.com=5``: mails a second to each domain, 0 for as fast as may be."""
    for part in filter(None, text.split(",")):
        _, _, rate = part.rpartition("=")
        if not re.fullmatch(r"\d{1,5}(\.\d{1,3})?", rate.strip()):
            raise ValueError("must be like 20 or *=20,qq.com=5")
    return text


def _broker(url: SecretStr) -> SecretStr:
    """The address of a RabbitMQ; it holds a password, so it is shown nowhere."""
    server("amqp", "amqps")(url.get_secret_value())
    return url


class Settings(BaseSettings):
    """Every setting of the service; each is documented in the README's table."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    data_dir: Path = Path("data")
    database_url: Annotated[str, AfterValidator(database)] = ""
    database_direct_url: Annotated[str, AfterValidator(database)] = ""
    secret_key: SecretStr = SecretStr("")
    base_url: Annotated[str, AfterValidator(server("http", "https"))] = ""
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    timezone: Annotated[str, AfterValidator(_zone)] = "Asia/Shanghai"
    smtp_url: Annotated[str, AfterValidator(mail_server)] = ""
    sms_url: Annotated[str, AfterValidator(sms_settings.urls)] = ""
    sms_prices: Annotated[str, AfterValidator(sms_settings.prices)] = ""
    sms_budget: float = Field(default=0, ge=0)
    sms_callback_word: SecretStr = SecretStr("")
    sms_callback_from: Annotated[str, AfterValidator(sms_settings.networks)] = ""
    webhook_allowed: Annotated[str, AfterValidator(sms_settings.networks)] = ""
    robot_hosts: Annotated[str, AfterValidator(hosts)] = ""
    check_links: Literal["on", "off"] = "on"
    links_allowed: Annotated[str, AfterValidator(sms_settings.networks)] = ""
    broker_url: Annotated[SecretStr, AfterValidator(_broker)] = SecretStr("")
    files_url: Annotated[str, AfterValidator(server("s3"))] = ""
    clamd_url: Annotated[str, AfterValidator(server("tcp", "unix"))] = ""
    attachment_mb: int = Field(default=100, ge=1, le=2000)
    attachments_mb: int = Field(default=500, ge=1, le=10_000)
    attachments: int = Field(default=50, ge=1, le=1000)
    mail_from: Annotated[str, AfterValidator(mail_address)] = "changtong@localhost"
    mail_return: Annotated[str, AfterValidator(lambda one: one and mail_address(one))] = ""
    bounces_url: Annotated[str, AfterValidator(server("imap", "imaps", "pop3", "pop3s"))] = ""
    mail_pace: Annotated[str, AfterValidator(_pace)] = ""
    sms_signature: str = "畅通"
    trusted_proxies: int = Field(default=0, ge=0, le=5)
    sign_in_hours: int = Field(default=12, ge=1, le=720)
    web_workers: int = Field(default=2, ge=1, le=64)
    web_threads: int = Field(default=8, ge=1, le=64)
    worker_threads: int = Field(default=5, ge=1, le=64)
    flash_minutes: int = Field(default=30, ge=1, le=1440)
    mail_rate: int = Field(default=0, ge=0, le=100_000)
    sms_rate: int = Field(default=0, ge=0, le=100_000)
    lease_seconds: int = Field(default=120, ge=5, le=3600)
    keep_left_days: int = Field(default=180, ge=1, le=3650)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    metrics_token: SecretStr = SecretStr("")

    @model_validator(mode="after")
    def _fill(self) -> Self:
        data_dir = self.data_dir.absolute()
        object.__setattr__(self, "data_dir", data_dir)
        if not self.database_url:
            object.__setattr__(self, "database_url", f"sqlite:///{data_dir / 'changtong.sqlite3'}")
        if not self.base_url:
            object.__setattr__(self, "base_url", f"http://127.0.0.1:{self.port}")
        if not self.database_direct_url:
            object.__setattr__(self, "database_direct_url", self.database_url)
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which times are shown where an agency names none of its own."""
        return ZoneInfo(self.timezone)

    @property
    def return_path(self) -> str:
        """Where mail that can't be delivered comes back to."""
        return self.mail_return or self.mail_from

    @property
    def sms_urls(self) -> list[str]:
        """The addresses of the ways out for SMS, in the order in which they are to be used."""
        return sms_settings.split(self.sms_url)

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded engine is in use."""
        return self.database_url.startswith("sqlite")


def load() -> Settings:
    """Read the settings and make the data folder and the secret key where they are missing.

    Raises SettingsError with one line that names the setting.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + "_".join(str(part) for part in first["loc"]).upper()
        reason = first["msg"].removeprefix("Value error, ")
        raise SettingsError(f"{name}: {reason}") from error
    if settings.broker_url.get_secret_value() and settings.is_sqlite:
        raise SettingsError(f"{PREFIX}BROKER_URL: needs PostgreSQL, set {PREFIX}DATABASE_URL")
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = settings.secret_key.get_secret_value() or _kept_secret(settings.data_dir)
    except OSError as error:
        raise SettingsError(
            f"{PREFIX}DATA_DIR: {settings.data_dir} can't be used: {error.strerror}"
        ) from error
    if len(key) < 32:
        raise SettingsError(f"{PREFIX}SECRET_KEY: at least 32 characters are needed")
    return settings.model_copy(update={"secret_key": SecretStr(key)})


def unknown(given: Iterable[str]) -> list[str]:
    """A line for each variable that begins like a setting and is none, with the name it is near."""
    known = [name.upper() for name in Settings.model_fields]
    said = []
    for variable in sorted(given):
        name = variable.upper().removeprefix(PREFIX)
        if variable.upper().startswith(PREFIX) and name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f", did you mean {PREFIX}{near[0]}?" if near else ""
            said.append(f"{variable}: no setting of that name, it is ignored{hint}")
    return said


def reaches_nobody(settings: Settings) -> list[str]:
    """A line for each setting without which nobody beside this machine is reached."""
    said = []
    if "base_url" not in settings.model_fields_set:
        said.append(
            f"{PREFIX}BASE_URL: is not set, so links in mails and messages lead to "
            f"{settings.base_url}, which opens on this machine alone"
        )
    if not settings.smtp_url:
        said.append(f"{PREFIX}SMTP_URL: is not set, so mails stay in the outbox and reach nobody")
    return said


def _kept_secret(data_dir: Path) -> str:
    """The random key of this installation, made on its first start, readable by it alone.

    Web and worker may both be the first; one that was stopped in the middle left an empty file.
    """
    path = data_dir / "secret_key"
    if path.exists() and (kept := path.read_text(encoding="ascii").strip()):
        return kept
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        kept = file.read().strip()
        if not kept:
            kept = secrets.token_hex(32)
            file.write(kept)
            file.flush()
            os.fsync(file.fileno())
    return kept
