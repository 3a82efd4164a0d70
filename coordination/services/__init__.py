"""What can be done with tasks: one public function is one use case."""

from coordination.services.answering import accept, close, report, send_back, submit
from coordination.services.assigning import Foreseen, assign, cancel, faults, foresee, reached
from coordination.services.passing import tell_deadlines

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
    "tell_deadlines",
]
