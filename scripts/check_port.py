"""Stop with one line where the service could not listen: ``python -m scripts.check_port``.

gunicorn would try for seconds, and report it in many lines among those of the worker.
"""

import os
import socket
import sys
from typing import NoReturn

from config.settings import Settings, SettingsError, load


def main() -> None:
    """Try the address of the settings for a moment."""
    try:
        settings = load()
    except SettingsError as error:
        sys.exit(str(error))
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        socket.create_server((settings.host, settings.port), family=family).close()
    except OSError as error:
        number = error.errno or 0
        # A resolver's numbers are below zero, and not the system's.
        _refuse(settings, os.strerror(number) if number > 0 else "there is no such host")
    except (TypeError, UnicodeError):
        _refuse(settings, "not the name of a host")


def _refuse(settings: Settings, reason: str) -> NoReturn:
    where = f"{settings.host}:{settings.port} (CHANGTONG_HOST, CHANGTONG_PORT)"
    sys.exit(f"{where} can't be listened on: {reason}")


if __name__ == "__main__":
    main()
