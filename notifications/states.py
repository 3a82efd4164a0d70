"""The states of digests, notices and deliveries, and how a delivery moves between its own."""

from enum import StrEnum

from agencies.states import Channel


class Rhythm(StrEnum):
    """How often a digest comes; all but the first two at set times, one or several a day."""

    OFF = "off"
    AT_ONCE = "at_once"  # each time there is news; what merely waits is not told
    WORKDAYS = "workdays"
    DAILY = "daily"  # on chosen weekdays
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Kind(StrEnum):
    """What a message is about."""

    DIGEST = "digest"
    URGENT = "urgent"
    REMINDER = "reminder"
    PASSED_OVER = "passed_over"
    ENDED = "ended"
    ESCALATION = "escalation"
    CONFIRMATION = "confirmation"
    INVITATION = "invitation"
    CODE = "code"


class AlertKind(StrEnum):
    """What the bell tells of."""

    URGENT = "urgent"
    REMINDER = "reminder"
    PASSED_OVER = "passed_over"
    ENDED = "ended"
    CALL = "call"  # a 特急 paper that nobody opened: ring them up
    QUESTION = "question"
    ANSWER = "answer"
    WITHDRAWN = "withdrawn"  # what the agency asked too, and gets no answer
    TASK = "task"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    OVERDUE_BELOW = "overdue_below"
    SUBMITTED = "submitted"
    SENT_BACK = "sent_back"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    EXPORT = "export"
    NO_EXPORT = "no_export"


class Rung(StrEnum):
    """The steps of the ladder on which a 特急 paper is pressed that an agency has not opened."""

    DEPUTY = "deputy"
    DUTY = "duty"
    CALL = "call"


LADDER: dict[Rung, Rung | None] = {Rung.DEPUTY: Rung.DUTY, Rung.DUTY: Rung.CALL, Rung.CALL: None}
"""The step after each; None: no further one is taken by itself."""


SECRET_KINDS = frozenset({Kind.CONFIRMATION, Kind.INVITATION, Kind.CODE})
"""Kinds whose one personal part is made when they are sent, and kept nowhere."""


OF_PAPERS = (
    Kind.URGENT,
    Kind.REMINDER,
    Kind.PASSED_OVER,
    Kind.ENDED,
    Kind.ESCALATION,
)
"""Kinds that tell at once of a paper, to those who want to be told."""


class WorkState(StrEnum):
    """Where the composing of a digest or notice stands."""

    DUE = "due"
    COMPOSED = "composed"
    EMPTY = "empty"  # nothing to say, so nothing is sent
    UNREACHABLE = "unreachable"  # the address was given up before it was composed


class Standing(StrEnum):
    """What somebody from outside has said to the question whether they want messages."""

    ASKED = "asked"  # nothing yet
    AGREED = "agreed"
    LEFT = "left"
    STOPPED = "stopped"  # by a text message, whatever they said before


class State(StrEnum):
    """Where a delivery stands."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    CALLING = "calling"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"
    HELD = "held"
    CLOSED = "closed"


class Queue(StrEnum):
    """The lines in which deliveries wait, so that a long one never holds up an urgent message."""

    MAIL = "mail"
    MAIL_URGENT = "mail.urgent"
    SMS = "sms"
    SMS_URGENT = "sms.urgent"

    @property
    def channel(self) -> Channel:
        """The channel that it leads to."""
        return Channel(self.partition(".")[0])

    @property
    def urgent(self) -> bool:
        """Whether it is the line of urgent messages."""
        return self.endswith(".urgent")


COMPOSING = "digests"
"""A broker's queue of digests to be composed."""


class Action(StrEnum):
    """What happens to a delivery."""

    CLAIM = "claim"  # a worker takes it
    CALL = "call"  # it is about to call the provider
    SPARE = "spare"  # the provider was not called after all
    REST = "rest"  # it waits for the end of quiet hours
    ACCEPT = "accept"  # the provider took the message
    DEFER = "defer"  # the provider refused it for now
    REFUSE = "refuse"  # it will never be taken
    DROP = "drop"  # its recipient is not to get it any more
    LOSE = "lose"  # nobody knows whether the provider took it
    REPEAT = "repeat"  # an unknown mail is sent once more with the same id
    REPORT_ACCEPTED = "report_accepted"
    REPORT_DELIVERED = "report_delivered"
    REPORT_FAILED = "report_failed"
    RETRY = "retry"
    CLOSE = "close"
    HOLD = "hold"
    RELEASE = "release"


class Party(StrEnum):
    """Who does something to a delivery."""

    WORKER = "worker"
    PROVIDER = "provider"
    OPERATOR = "operator"


_WAITING = {State.QUEUED, State.HELD}
_TAKEN = {State.CLAIMED, State.CALLING}

MOVES: dict[Action, tuple[Party, set[State], State]] = {
    Action.CLAIM: (Party.WORKER, {State.QUEUED}, State.CLAIMED),
    Action.CALL: (Party.WORKER, {State.CLAIMED}, State.CALLING),
    Action.SPARE: (Party.WORKER, _TAKEN, State.QUEUED),
    Action.REST: (Party.WORKER, {State.CLAIMED}, State.QUEUED),
    Action.ACCEPT: (Party.WORKER, {State.CALLING}, State.SENT),
    Action.DEFER: (Party.WORKER, {State.CALLING}, State.QUEUED),
    Action.REFUSE: (Party.WORKER, _TAKEN, State.FAILED),
    Action.DROP: (Party.WORKER, {State.CLAIMED}, State.CLOSED),
    Action.LOSE: (Party.WORKER, {State.CALLING}, State.UNKNOWN),
    Action.REPEAT: (Party.WORKER, {State.UNKNOWN}, State.QUEUED),
    # Reports come in any order, also before the answer to the call was written down.
    Action.REPORT_ACCEPTED: (Party.PROVIDER, {State.CALLING, State.UNKNOWN}, State.SENT),
    Action.REPORT_DELIVERED: (Party.PROVIDER, set(State) - {State.DELIVERED}, State.DELIVERED),
    Action.REPORT_FAILED: (
        Party.PROVIDER,
        {State.CALLING, State.SENT, State.UNKNOWN},
        State.FAILED,
    ),
    Action.RETRY: (Party.OPERATOR, {State.FAILED, State.UNKNOWN, State.CLOSED}, State.QUEUED),
    Action.CLOSE: (Party.OPERATOR, _WAITING | {State.UNKNOWN}, State.CLOSED),
    Action.HOLD: (Party.OPERATOR, {State.QUEUED, State.UNKNOWN} | _TAKEN, State.HELD),
    Action.RELEASE: (Party.OPERATOR, {State.HELD}, State.QUEUED),
}
"""For each action: who does it, from which states, to which one. Any other pair changes nothing."""


def after(state: State, action: Action) -> State | None:
    """The state that ``action`` leads to from ``state``; None where it changes nothing."""
    _, sources, target = MOVES[action]
    return target if state in sources else None


def sources(action: Action) -> list[str]:
    """The states from which ``action`` leads anywhere, for a statement's condition."""
    return sorted(MOVES[action][1])


def target(action: Action) -> State:
    """The state that ``action`` leads to."""
    return MOVES[action][2]
