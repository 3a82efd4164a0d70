"""The story: a province publishes, counties read and sign, a task is given, digests arrive."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from config import clock
from demo import arrivals, texts
from demo.arrivals import Row
from demo.bureaus import PROVINCE, Line, as_csv, bureaus
from demo.cast import Player, below, cast, receivers
from demo.cast import as_csv as people_as_csv
from demo.desk import Desk, Program
from demo.past import CITY
from demo.theatre import Theatre
from parts.processes import wait_until

PAPER = "关于开展农村集体聚餐食品安全专项整治的通知"
URGENT = "关于应对大风降温天气加强特种设备安全检查的紧急通知"
TASK = "开展电梯维护保养单位监督抽查"
HANDS = 8
PATIENCE = 90.0
_LINK = re.compile(r"^\s*(http\S+/invitation/\S+)$", re.MULTILINE)
_CODE = re.compile(r"\b\d{6}\b")

T = TypeVar("T")


@dataclass
class Story:
    """Tells it on a stage; ``rows`` say what should have arrived, from what was done, and what did.

    Each chapter ends when all it caused has arrived, or should have long ago.
    """

    theatre: Theatre
    agencies: Sequence[Line] = field(default_factory=bureaus)
    rows: list[Row] = field(default_factory=list)
    players: Sequence[Player] = ()
    _desks: dict[str, Desk] = field(default_factory=dict)
    _programs: dict[str, Program] = field(default_factory=dict)
    _readers: list[Player] = field(default_factory=list)
    _signers: list[Player] = field(default_factory=list)
    _handed_in: set[str] = field(default_factory=set)  # codes of agencies
    _paper: int = 0
    _arrived: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.players = cast(self.agencies)

    def chapters(self) -> Iterable[tuple[str, Callable[[], None]]]:
        """What happens, in order, each with a title."""
        return (
            (f"{len(self.agencies)} bureaus are imported", self.import_bureaus),
            ("their people are invited by mail and set their passwords", self.invite),
            ("a dozen clerks prove their phones and choose text messages", self.prove_phones),
            ("a city sends its counties an urgent paper, told at once", self.publish_urgent),
            ("the province sends everybody a paper to be acknowledged", self.publish),
            ("two of three read it, half of these acknowledge it", self.read_and_sign),
            ("the province gives its cities a task, three hand it in", self.give_task),
            ("the hour of the digests comes", self.send_digests),
            ("the issuer looks, and so does the operator", self.look),
        )

    def import_bureaus(self) -> None:
        """By the command, from a file."""
        file = self.theatre.folder / "agencies.csv"
        file.write_bytes(as_csv(self.agencies))
        said = re.match(r"(\d+) created", self.theatre.flask("agencies", "import", str(file)))
        made = int(said[1]) if said else 0
        self.rows.append(arrivals.counted("bureaus imported", len(self.agencies), made))

    def invite(self) -> None:
        """Everybody opens the link that came by mail."""
        file = self.theatre.folder / "people.csv"
        file.write_bytes(people_as_csv(self.players))
        self.theatre.flask("people", "import", str(file), "--invite", "mail")
        self._expect_mails("invitations", self.players)
        links = {
            mail.recipients[0]: found[1]
            for mail in self.theatre.mailbox.messages()
            if (found := _LINK.search(mail.text))
        }

        def accept(player: Player) -> Desk:
            desk = Desk(self.theatre.url)
            desk.accept(links[player.mail])
            return desk

        desks = self._at_once(accept, self.players)
        self._desks = {one.username: desk for one, desk in zip(self.players, desks, strict=True)}

    def prove_phones(self) -> None:
        """Each types the code that came to the phone."""
        some = {one.phone: self._desks[one.username] for one in self.players if one.phone}
        pages = {phone: desk.prove_phone(phone) for phone, desk in some.items()}
        self._expect_texts("codes", some)
        for message in self.theatre.phone.messages():
            code = _CODE.search(message.text)
            phone = message.receiver
            some[phone].type_code(pages[phone], code[0] if code else "")
            some[phone].want_texts()

    def publish_urgent(self) -> None:
        """Whoever chose so hears of it at once, by mail and on the phone."""
        self._clear()
        self._published(CITY, title=URGENT, body=texts.URGENT, urgency="urgent", to_all=True)
        counties = below(self.players, CITY)
        self._expect_mails("urgent notices", counties)
        self._expect_texts("urgent notices", _phones(counties))

    def publish(self) -> None:
        """To all that stand below the province; nobody is told before the digest."""
        self._clear()
        self._paper = self._published(
            PROVINCE, title=PAPER, body=texts.BANQUETS, needs_acknowledgement=True, to_all=True
        )

    def read_and_sign(self) -> None:
        """In their browsers, several at once."""
        clerks = [one for one in receivers(self.players) if one.seat == "clerk"]
        self._readers = [one for number, one in enumerate(clerks) if number % 3]
        self._signers = self._readers[::2]
        signing = set(self._signers)

        def read(player: Player) -> None:
            desk = self._desks[player.username]
            path = desk.open(PAPER)
            if player in signing:
                desk.acknowledge(path)

        self._at_once(read, self._readers)

    def give_task(self) -> None:
        """By the API; the first three cities hand in what they did."""
        clerk = self._program(f"{PROVINCE}-clerk")
        clerk.post("/tasks", title=TASK, body=texts.LIFTS, days=10, to_levels=["city"])
        clerks = [one for one in below(self.players, PROVINCE) if one.seat == "clerk"]
        for player in clerks[:3]:
            self._handed_in.add(player.agency.code)
            program = self._program(player.username)
            [mine] = program.get("/assignments")["items"]
            program.post(f"/assignments/{mine['id']}/accept")
            program.post(f"/assignments/{mine['id']}/submit", text="已抽查 21 家、108 台。")

    def send_digests(self) -> None:
        """As if the next hour had come; then each digest is read."""
        hour = clock.now() + timedelta(days=10)
        self.theatre.flask("digests", "send", "--due-at", hour.isoformat())
        self._expect_mails("digests", self.players)
        self._expect_texts("digests", _phones(self.players))
        signed = {one.agency.code for one in self._signers}
        reached = receivers(self.players)
        unsigned = [one for one in reached if one.agency.code not in signed]
        done = [one for one in reached if one.agency.code in signed]
        province = [one for one in self.players if one.agency.code == PROVINCE]
        self._expect_words("新到公文", PAPER, done)
        self._expect_words("待签收", PAPER, unsigned)
        self._expect_words("新到公文", URGENT, below(self.players, CITY))
        cities = below(self.players, PROVINCE)
        at_work = [one for one in cities if one.agency.code not in self._handed_in]
        self._expect_words("任务新下达、退回和取消", TASK, at_work)
        self._expect_words("待审核的任务", TASK, province)

    def look(self) -> None:
        """What the service tells of it is what was done, and the gateway's reports came back."""
        seen = self._program(f"{PROVINCE}-clerk").get(f"/bulletins/{self._paper}/progress")
        for fact, players in (("opened", self._readers), ("acknowledged", self._signers)):
            what = f"paper: {fact}, as its issuer sees"
            self.rows.append(arrivals.counted(what, len(players), int(seen[fact])))
        phones = len(_phones(self.players))
        mails = 2 * len(self.players) + len(below(self.players, CITY))
        self._clear()
        self.rows.append(arrivals.counted("mail: all, at the end", mails, self._arrived["mail"]))
        self.rows.append(arrivals.counted("SMS: all, at the end", 3 * phones, self._arrived["SMS"]))
        ledger = wait_until(lambda: self._ledger(delivered=3 * phones), PATIENCE, "reports of SMS")
        for state, count in (("delivered", 3 * phones), ("sent", mails)):
            self.rows.append(arrivals.counted(f"ledger: {state}", count, ledger[state]))
        self.rows.append(arrivals.counted("ledger: all", mails + 3 * phones, ledger.total()))

    def _ledger(self, delivered: int) -> Counter[str]:
        """The deliveries by state, once so many are delivered."""
        said = self.theatre.flask("deliveries", "list", "--limit", "9999")
        states = Counter(line.split("\t")[1] for line in said.splitlines())
        return states if states["delivered"] >= delivered else Counter()

    def _published(self, issuer: str, **paper: object) -> int:
        clerk, approver = (self._program(f"{issuer}-{seat}") for seat in ("clerk", "approver"))
        draft = clerk.post("/drafts", **paper)
        clerk.post(f"/bulletins/{draft['id']}/submit")
        approver.post(f"/bulletins/{draft['id']}/sign")
        number: int = draft["id"]
        return number

    def _program(self, username: str) -> Program:
        if username not in self._programs:
            key = self._desks[username].key("演示")
            self._programs[username] = Program(self.theatre.url, key)
        return self._programs[username]

    def _at_once(self, do: Callable[[Player], T], players: Iterable[Player]) -> list[T]:
        with ThreadPoolExecutor(HANDS) as hands:
            return list(hands.map(do, players))

    def _clear(self) -> None:
        self._arrived["mail"] += len(self.theatre.mailbox.messages())
        self._arrived["SMS"] += len(self.theatre.phone.messages())
        self.theatre.mailbox.clear()
        self.theatre.phone.clear()

    def _expect_mails(self, what: str, players: Iterable[Player]) -> None:
        expected = [one.mail for one in players]
        found = self.theatre.mailbox.wait_for(len(expected), timeout=PATIENCE)
        self.rows.append(arrivals.addressed(f"mail: {what}", expected, arrivals.mailed(found)))

    def _expect_texts(self, what: str, phones: Iterable[str]) -> None:
        expected = list(phones)
        found = self.theatre.phone.wait_for(len(expected), timeout=PATIENCE)
        self.rows.append(arrivals.addressed(f"SMS: {what}", expected, arrivals.texted(found)))

    def _expect_words(self, section: str, title: str, players: Iterable[Player]) -> None:
        found = arrivals.saying(self.theatre.mailbox.messages(), section, title)
        what = f"  of these【{section}】{title[:12]}…"
        self.rows.append(arrivals.addressed(what, [one.mail for one in players], found))


def _phones(players: Iterable[Player]) -> list[str]:
    return [one.phone for one in players if one.phone]
