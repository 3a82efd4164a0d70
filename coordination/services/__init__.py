"""What can be done with tasks: one public function is one use case."""

from coordination.services.answering import accept, close, report, send_back, submit
from coordination.services.assigning import Foreseen, assign, cancel, faults, foresee, reached

__all__ = [
    "Foreseen",
    "accept",
    "assign",
    "cancel",
    "close",
    "faults",
    "foresee",
    "reached",
    "report",
    "send_back",
    "submit",
]
