"""Readiness and metrics tell of the broker and the queues; without a broker nothing is said."""

import socket
import threading
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from pydantic import SecretStr

from config import settings as all_settings
from config.settings import Settings, SettingsError

LOCAL = {"REMOTE_ADDR": "127.0.0.1"}


def answering(app: APIFlask, settings: Settings, greeting: bytes) -> FlaskClient:
    """A client of the service whose broker greets like that, once for each request."""
    server = socket.create_server(("127.0.0.1", 0))

    def greet() -> None:
        with server:
            connection, _ = server.accept()
            with connection:
                connection.recv(8)
                connection.sendall(greeting)

    threading.Thread(target=greet, daemon=True).start()
    url = SecretStr(f"amqp://guest:s3cr3t-of-the-broker@127.0.0.1:{server.getsockname()[1]}//")
    app.extensions["settings"] = settings.model_copy(update={"broker_url": url})
    return app.test_client()


def test_without_a_broker_nothing_is_said_of_one(client: FlaskClient) -> None:
    assert client.get("/readyz").json == {"status": "ok"}
    assert "changtong_broker_up" not in client.get("/metrics", environ_base=LOCAL).text


@pytest.mark.parametrize(("greeting", "said"), [(b"\x01\x00", "ok"), (b"220", "does not answer")])
def test_a_broker_is_named_and_pages_do_not_need_it(
    app: APIFlask, settings: Settings, greeting: bytes, said: str
) -> None:
    answer = answering(app, settings, greeting).get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok", "broker": said})


def test_metrics_tell_of_broker_and_queues(app: APIFlask, settings: Settings) -> None:
    text = answering(app, settings, b"\x01").get("/metrics", environ_base=LOCAL).text
    assert "changtong_broker_up 1.0" in text
    assert 'changtong_queue_waiting{queue="mail.urgent"} 0.0' in text
    assert 'changtong_queue_paused{queue="sms"} 0.0' in text
    assert "s3cr3t-of-the-broker" not in text


def test_a_broker_needs_postgresql(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHANGTONG_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("CHANGTONG_DATABASE_URL", raising=False)
    monkeypatch.setenv("CHANGTONG_BROKER_URL", "amqp://localhost")
    with pytest.raises(SettingsError, match="CHANGTONG_BROKER_URL: needs PostgreSQL"):
        all_settings.load()
    monkeypatch.setenv("CHANGTONG_BROKER_URL", "redis://localhost")
    with pytest.raises(SettingsError, match="CHANGTONG_BROKER_URL: must start with amqp"):
        all_settings.load()
