"""Free ports that no other test process is given at the same time."""

import atexit
import random
import socket

# Below what Linux gives to outgoing connections (32768 and up), so that a server which is stopped
# for a while finds its port still free.
_RANGE = range(20_000, 32_000)
_claims: dict[int, socket.socket] = {}


def free_port() -> int:
    """A TCP port free on 127.0.0.1, kept for this interpreter as long as it lives."""
    for port in random.SystemRandom().sample(_RANGE, len(_RANGE)):
        if _unused(port) and _claim(port):
            return port
    raise OSError("no free port")


def _unused(port: int) -> bool:
    """Whether nobody listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _claim(port: int) -> bool:
    """Take the port's name among all processes of this machine; the kernel drops it with us."""
    claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        claim.bind(f"\0changtong-port-{port}")
    except OSError:
        claim.close()
        return False
    _claims[port] = claim
    return True


@atexit.register
def _release() -> None:
    """Sockets left to the interpreter's end would be warned of."""
    for claim in _claims.values():
        claim.close()
