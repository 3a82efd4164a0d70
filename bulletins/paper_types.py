"""The types of papers (文种) and what the rules want of each: one table, pure.

条例 is 党政机关公文处理工作条例 (中办发〔2012〕14号, in force since 2012-07-01). 第八条 names the
fifteen official types and what each is for; 第四章 (第十三条 to 第十七条) sets who may write to
whom. The everyday types below them are this service's own and stand outside the 条例.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from agencies.states import AgencyKind
from bulletins.states import BulletinType, Layout, Part


class Relation(StrEnum):
    """How an agency stands to the one that writes to it: in its line, or beside it."""

    UP = "up"
    DOWN = "down"
    PEER = "peer"


class Particular(StrEnum):
    """What a paper of some types states besides its text; a column of ``paper_particulars``."""

    CONTACT_NAME = "contact_name"
    CONTACT_PHONE = "contact_phone"
    REFERS_TO = "refers_to"
    HELD_ON = "held_on"
    HELD_UNTIL = "held_until"
    PLACE = "place"
    PARTICIPANTS = "participants"
    EXCUSED = "excused"
    OBSERVERS = "observers"
    SIGNER_POST = "signer_post"
    ENROL_BY = "enrol_by"


class Fault(StrEnum):
    """What is wrong with whom a paper addresses."""

    UPWARD = "upward"
    DOWNWARD = "downward"
    BESIDE = "beside"
    NO_CONGRESS = "no_congress"
    OVER = "over"
    IN_LINE = "in_line"
    SEVERAL = "several"
    COPIED_DOWN = "copied_down"


ANY = frozenset(Relation)
UP = frozenset({Relation.UP})
DOWN = frozenset({Relation.DOWN})
PEER = frozenset({Relation.PEER})

_CONTACT = (Particular.CONTACT_NAME, Particular.CONTACT_PHONE)
_MEETING = (Particular.HELD_ON, Particular.PARTICIPANTS)
_AT_MEETING = (Particular.EXCUSED, Particular.OBSERVERS, Particular.PLACE)
_TRAINING = (Particular.HELD_ON, Particular.PLACE, Particular.PARTICIPANTS, Particular.ENROL_BY)


@dataclass(frozen=True)
class PaperType:
    """One type and its rules.

    ``to``: how those addressed may stand to the issuer. ``is_single``: one addressee only.
    ``is_wide``: it may leave the line: to each agency above, and to bureaus of the same level.
    ``is_out_of_line``: not between bureaus of which one is above the other. ``needs`` must be
    filled in, ``offers`` may be. ``has_one_matter`` and ``asks_nothing`` are about its words;
    ``title_word`` is how its title ends. ``needs_topic``: it is filed under a topic at least.
    ``is_to_public``: it speaks to everybody, so its sheet names no addressee.
    ``answers``: types of papers that it may answer. ``by``: the kinds of agencies that issue it,
    where that is not open to all; ``to_congress``: it goes to a congress and to nobody else.
    """

    to: frozenset[Relation] = ANY
    is_official: bool = True
    is_single: bool = False
    is_wide: bool = False
    is_out_of_line: bool = False
    needs: tuple[Particular, ...] = ()
    offers: tuple[Particular, ...] = ()
    has_one_matter: bool = False
    asks_nothing: bool = False
    title_word: str = ""
    needs_topic: bool = False
    is_to_public: bool = False
    answers: tuple[BulletinType, ...] = ()
    by: frozenset[AgencyKind] = frozenset()
    to_congress: bool = False

    @property
    def copies_beside(self) -> bool:
        """Whether it may be copied to those beside the issuer: 第九条 (十六), who is to know it."""
        return self.is_official or self.is_wide

    @property
    def particulars(self) -> tuple[Particular, ...]:
        """What a paper of this type may state."""
        return self.needs + self.offers


def _everyday(
    to: frozenset[Relation] = ANY,
    needs: tuple[Particular, ...] = (),
    offers: tuple[Particular, ...] = (),
    *,
    asks_nothing: bool = False,
    needs_topic: bool = False,
) -> PaperType:
    return PaperType(
        to,
        is_official=False,
        needs=needs,
        offers=offers,
        asks_nothing=asks_nothing,
        needs_topic=needs_topic,
    )


TYPES: dict[BulletinType, PaperType] = {
    # 第八条 (一)–(六): made known to those below and to the public; nobody above is ordered.
    BulletinType.RESOLUTION: PaperType(DOWN, title_word="决议", is_to_public=True),
    BulletinType.DECISION: PaperType(DOWN, title_word="决定"),
    BulletinType.ORDER: PaperType(
        DOWN, offers=(Particular.SIGNER_POST,), title_word="令", is_to_public=True
    ),
    BulletinType.COMMUNIQUE: PaperType(DOWN, title_word="公报", is_to_public=True),
    BulletinType.ANNOUNCEMENT: PaperType(DOWN, title_word="公告", is_to_public=True),
    BulletinType.PROCLAMATION: PaperType(DOWN, title_word="通告", is_to_public=True),
    # 第八条 (七): on important questions; it goes up, down and sideways alike.
    BulletinType.OPINION: PaperType(is_wide=True, title_word="意见"),
    # 第八条 (八), (九): carried out or taken note of by those below; 第十六条 (一) has an important
    # one copied to the agency right above.
    BulletinType.NOTICE: PaperType(DOWN, title_word="通知"),
    BulletinType.BULLETIN: PaperType(DOWN, title_word="通报"),
    # 第八条 (十), 第十五条 (一), (四): to one agency above; no request inside it.
    BulletinType.REPORT: PaperType(
        UP, is_single=True, is_wide=True, asks_nothing=True, title_word="报告"
    ),
    # 第八条 (十一), 第十五条 (一), (四): one matter, to one agency above. Whom to ask about it
    # stands in the 附注 (第九条 (十四)), which offices do since the 办法 of 2000.
    BulletinType.REQUEST: PaperType(
        UP, is_single=True, is_wide=True, needs=_CONTACT, has_one_matter=True, title_word="请示"
    ),
    # 第八条 (十二): answers what an agency below asked.
    BulletinType.REPLY: PaperType(
        DOWN,
        needs=(Particular.REFERS_TO,),
        title_word="批复",
        answers=(BulletinType.REQUEST,),
    ),
    # 第八条 (十三): a government's, to the people's congress of the same level or its committee.
    BulletinType.MOTION: PaperType(
        PEER,
        is_single=True,
        is_wide=True,
        title_word="议案",
        by=frozenset({AgencyKind.GOVERNMENT}),
        to_congress=True,
    ),
    # 第八条 (十四): between those of whom none is above the other.
    BulletinType.LETTER: PaperType(
        is_wide=True,
        is_out_of_line=True,
        offers=(Particular.REFERS_TO, *_CONTACT),
        title_word="函",
        answers=(BulletinType.REQUEST, BulletinType.LETTER),
    ),
    # 第八条 (十五): records a meeting and what it agreed on; those above get a copy.
    BulletinType.MINUTES: PaperType(
        DOWN | PEER, is_wide=True, needs=_MEETING, offers=_AT_MEETING, title_word="纪要"
    ),
    BulletinType.INFORMATION: _everyday(asks_nothing=True),
    BulletinType.CASE: _everyday(needs_topic=True),
    BulletinType.EXPERIENCE: _everyday(needs_topic=True),
    BulletinType.TRAINING: _everyday(
        DOWN, needs=_TRAINING, offers=(Particular.HELD_UNTIL, *_CONTACT)
    ),
    BulletinType.INTERPRETATION: _everyday(needs=(Particular.REFERS_TO,)),
}


LAYOUTS = frozenset(
    {
        BulletinType.OPINION,
        BulletinType.NOTICE,
        BulletinType.REPLY,
        BulletinType.LETTER,
        BulletinType.TRAINING,
    }
)
"""The types that are usual both as 文件格式 and as 信函格式."""


def layout(kind: str, wanted: Layout | None) -> Layout | None:
    """The layout wanted, where the type has a choice and it is not the usual one."""
    usual = Layout.LETTER if kind == BulletinType.LETTER else Layout.DOCUMENT
    return wanted if kind in LAYOUTS and wanted != usual else None


def of(kind: str) -> PaperType:
    """The rules of a type."""
    return TYPES[BulletinType(kind)]


def stating(particular: Particular) -> list[BulletinType]:
    """The types whose papers may state it."""
    return [kind for kind, rules in TYPES.items() if particular in rules.particulars]


@dataclass(frozen=True)
class Addressed:
    """So many agencies that are addressed or copied and stand to the issuer in one way.

    ``is_organ``: the issuer and they are governments, bureaus or offices of these, so a line is
    one of command.
    """

    part: Part
    relation: Relation
    is_organ: bool
    count: int
    is_congress: bool = False


def faults(kind: str, addressed: Iterable[Addressed]) -> list[Fault]:
    """What 第十四条 to 第十六条 and the type itself hold against whom a paper addresses."""
    rules, reached = of(kind), list(addressed)
    to = [one for one in reached if one.part == Part.TO]
    ways = {one.relation for one in to} - rules.to
    upward = rules.is_official and any(one.relation == Relation.UP for one in to)
    wrong = {
        Fault.UPWARD: Relation.UP in ways,
        Fault.DOWNWARD: Relation.DOWN in ways,
        Fault.BESIDE: Relation.PEER in ways,
        Fault.IN_LINE: rules.is_out_of_line
        and any(one.is_organ and one.relation != Relation.PEER for one in to),
        Fault.NO_CONGRESS: rules.to_congress and not all(one.is_congress for one in to),
        Fault.SEVERAL: (rules.is_single or upward) and sum(one.count for one in to) > 1,
        Fault.COPIED_DOWN: upward
        and any(one.part == Part.CC and one.relation == Relation.DOWN for one in reached),
    }
    return [fault for fault, is_wrong in wrong.items() if is_wrong]


@dataclass(frozen=True)
class Stand:
    """How one agency stands to the issuer.

    ``is_direct``: right above it. ``is_organ`` and ``is_congress`` as with those ``Addressed``.
    """

    relation: Relation
    is_direct: bool
    is_organ: bool
    is_congress: bool


def barrier(kind: str, part: Part, stand: Stand) -> Fault | None:
    """Why a paper of the type can't go to one agency in that part; None where it can."""
    rules = of(kind)
    if stand.relation == Relation.UP and not (stand.is_direct or rules.is_wide):
        return Fault.OVER
    if stand.relation == Relation.PEER:
        leaves = rules.is_wide if part == Part.TO else rules.copies_beside
        if not leaves:
            return Fault.BESIDE
    alone = Addressed(part, stand.relation, stand.is_organ, 1, stand.is_congress)
    found = faults(kind, [alone]) if part == Part.TO else []
    return found[0] if found else None


_AT_THE_END = re.compile(r"[（(][^（()）]*[)）]$|[\s。！!]+$")
_NEVER_MEANT = frozenset({"令", "函"})
"""Single characters at the end of a title may be part of another word."""


def other_word(kind: str, title: str) -> str | None:
    """The word of another official type with which a title ends; None where it fits.

    第九条 (七): 标题由发文机关名称、事由和文种组成.
    """
    bare = _AT_THE_END.sub("", title.strip())
    mine = of(kind)
    if mine.title_word and bare.endswith(mine.title_word):
        return None
    for rules in TYPES.values():
        word = rules.title_word
        is_told = mine.is_official or word == TYPES[BulletinType.REQUEST].title_word
        if word and is_told and word not in _NEVER_MEANT and bare.endswith(word):
            return word
    return None
