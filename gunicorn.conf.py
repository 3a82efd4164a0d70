"""How gunicorn serves the web side; everything to set comes from the settings (see README)."""

import ctypes
import gc
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

from config import logging, refusing
from config.settings import SettingsError, load
from config.working import leave_connections

try:
    settings = load()
except SettingsError as error:
    sys.exit(str(error))

wsgi_app = "app:create_app()"
host = f"[{settings.host}]" if ":" in settings.host else settings.host
bind = f"{host}:{settings.port}"
worker_class = "gthread"
workers = settings.web_workers
threads = settings.web_threads

# Loaded once and shared by all workers.
preload_app = True

# honcho kills after five seconds what it has asked to stop.
graceful_timeout = 4
timeout = 60
keepalive = 5
# A worker shows that it lives by touching a file, which must not wait for a slow disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None

limit_request_line = 4094
limit_request_fields = 100
limit_request_field_size = 8190

# Proxy headers are the application's affair, which trusts them by its setting alone.
forwarded_allow_ips = ""
# Nobody shall steer the server through a file in the home folder.
control_socket_disable = True

# The application logs requests itself and gives the root logger its one JSON handler.
accesslog = None
logconfig_dict = {
    "root": {"level": "WARNING", "handlers": ["console"]},
    "loggers": {"gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True}},
}

# All workers of this address count their requests together; read when the application is loaded.
metrics_folder = settings.data_dir / "metrics" / str(settings.port)
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(metrics_folder)


# Checking a password takes 19 MiB for a moment. Left to itself, glibc would keep that much for
# each thread from the first time on; so large blocks go back at once, and threads share arenas.
M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8
libc = ctypes.CDLL(None)
if hasattr(libc, "mallopt"):
    libc.mallopt(M_MMAP_THRESHOLD, 1024 * 1024)
    libc.mallopt(M_ARENA_MAX, 2)


def on_starting(server: Arbiter) -> None:
    """Begin counting anew: the counts of processes that are gone would stay for ever."""
    shutil.rmtree(metrics_folder, ignore_errors=True)
    metrics_folder.mkdir(parents=True)


def when_ready(server: Arbiter) -> None:
    """Keep the collector from touching, and so copying, what the workers share."""
    gc.collect()
    gc.freeze()


def on_reload(server: Arbiter) -> None:
    """Write logs as before: reading its settings again, gunicorn made its own handlers anew."""
    logging.configure(settings.log_level)


def post_fork(server: Arbiter, worker: Worker) -> None:
    """Begin with no connection of the master's."""
    application: Any = worker.app.wsgi()
    leave_connections(application)


def pre_request(worker: Worker, request: Any) -> None:
    """Be honest about whether the connection goes on."""
    refusing.announce(request)


def post_request(worker: Worker, request: Any, environ: dict[str, Any], response: Any) -> None:
    """Let a client that still sends read the answer."""
    if response is not None:
        refusing.hear_out(request, environ["gunicorn.socket"])
