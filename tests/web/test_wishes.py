"""The one table of wishes, and the page that is written from it."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from conference.core.clock import SystemClock
from conference.core.event import KNOWN
from conference.people import STAFF, Role
from tests.web.houses import serving
from tests.web.products import product
from web import bootstrap, protocol
from web.address import Address, local
from web.bootstrap import all_shows, wish_table
from web.limits import Limit
from web.pressure import Shed
from web.wishes import IDS, Args, Memory, Table, WishKind, note_of

KINDS = sorted(wish_table().kinds.values(), key=lambda kind: kind.name)
CONTRACT = [
    "people.set",
    "people.leave",
    "polls.make",
    "polls.open",
    "polls.close",
    "polls.archive",
    "polls.show",
    "polls.extend",
    "polls.again",
    "polls.vote",
    "polls.withdraw",
    "surveys.open",
    "surveys.close",
    "surveys.answer",
    "chat.say",
    "chat.edit",
    "chat.remove",
    "chat.page",
    "chat.silence",
    "questions.ask",
    "questions.back",
    "questions.unback",
    "questions.let_through",
    "questions.take_up",
    "questions.answered",
    "questions.put_aside",
    "questions.merge",
    "questions.escalate",
    "questions.assign",
    "rundown.go",
    "rundown.hold",
    "rundown.resume",
    "rundown.back",
    "rundown.skip",
    "rundown.undo",
    "rundown.extend",
    "streaming.take",
    "streaming.caption",
    "day.end",
]
CAPTIONS = ["streaming.caption", "streaming.take_turn", "streaming.give_turn", "streaming.be_ready", "streaming.set_delay"]
"""For captioners and staff; beyond the contract's one, whose turn it is."""
STUDIO = ["streaming.sit", "streaming.share", "streaming.ready", "streaming.whisper", "streaming.type", "streaming.turn"]
"""For those who are in the studio, and staff."""
PRODUCTION = ["streaming.sign", "streaming.panel", "streaming.choose", "streaming.renew", "streaming.seat"]
"""For staff, beyond the contract."""
PLANNING = ["surveys.plan"]
"""For staff, beyond the contract: when surveys open by themselves."""
HINTS = ["streaming.key", "backstage.page"]
"""For staff; they change nothing that is kept, and so are not audited."""
LOOP = (
    "write_need take_needs write_action move_action write_benefit write_target note_reached remove restore make_link withdraw_link remind"
)
PUBLISHING = ["recordings.publish", "recordings.withdraw", "bank.bring", "bank.use", *(f"followup.{verb}" for verb in LOOP.split())]
"""For organizers alone."""
QUEUE = [f"questions.{verb}" for verb in ("write", "remove", "withdraw", "open", "close", "hold")]
MORE_QUESTIONS = ["questions.page", "questions.some"]
"""For everybody: what no fresh page holds."""
MODERATION = [
    f"chat.{verb}" for verb in ("ban", "unban", "slow", "hold", "words", "let_through", "refuse", "undo", "announce", "unannounce")
]
"""For staff, beyond the contract's removing and silencing."""
SORTING = [f"polls.{verb}" for verb in ("correct", "judge", "let_back", "merge")]
MARKING = ["questions.label", "questions.star", "gestures.allow", "backstage.say", *PLANNING]
"""For staff, beyond the contract."""
PERSONAL = ["people.new_code", "people.unpair", "questions.consent", "questions.oppose", "gestures.send", "surveys.mail"]
"""For whom it concerns."""
BEYOND = [
    "people.here",
    *SORTING,
    *MARKING,
    *PERSONAL,
    *MODERATION,
    *CAPTIONS[1:],
    *STUDIO,
    *PRODUCTION,
    *HINTS,
    *PUBLISHING,
    *QUEUE,
    *MORE_QUESTIONS,
    "polls.hands",
    "people.follow",
    "rundown.recall",
]
FOR_STAFF = re.compile(
    r"polls\.(make|open|close|archive|show|extend|again|correct|judge|let_back|merge)|surveys\.(open|close|plan)|chat\.(silence|ban|unban|slow|hold|words|let_through|refuse|undo|announce|unannounce)|rundown\.|streaming\.(take|sign|panel|choose|renew|seat)|day\.end|gestures\.allow|backstage\.|"
    r"questions\.(let_through|take_up|answered|put_aside|merge|escalate|assign|write|remove|open|close|hold|label|star)"
)


def test_what_people_write_is_no_argument_of_the_audit_chain() -> None:
    written = {
        "text",
        "title",
        "name",
        "what",
        "statement",
        "reason",
        "help",
        "options",
        "words",
        "assumption",
        "owner",
        "source_text",
        "mail",
    }
    assert written & IDS == set()


def test_every_wish_of_the_contract_has_a_row_or_is_said_to_come_later() -> None:
    assert sorted({kind.name for kind in KINDS} | set(protocol.LATER)) == sorted({*CONTRACT, *BEYOND})
    assert {kind.name for kind in KINDS} & set(protocol.LATER) == set()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_column_is_filled_in(kind: WishKind) -> None:
    assert re.fullmatch(r"[a-z]+\.[a-z_]+", kind.name)
    assert issubclass(kind.model, Args)
    assert kind.model.__struct_config__.forbid_unknown_fields
    assert kind.may is None or (kind.may and kind.may <= {role.value for role in Role})
    assert isinstance(kind.limit, Limit)
    assert isinstance(kind.shed, Shed)
    assert isinstance(kind.memory, Memory)
    assert isinstance(kind.audit, bool)
    assert callable(kind.call)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.name in CAPTIONS], ids=lambda kind: kind.name)
def test_captions_are_for_those_who_write_them_and_never_shed(kind: WishKind) -> None:
    assert kind.may == frozenset({*STAFF, "captioner"})
    assert (kind.limit, kind.shed) == (Limit.CAPTION, Shed.NEVER)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.name in (*STUDIO, *HINTS, *PUBLISHING)], ids=lambda kind: kind.name)
def test_each_of_the_others_is_for_whom_it_is_meant(kind: WishKind) -> None:
    beside = {"speaker"} if kind.name in STUDIO else set()

    assert kind.may == (frozenset({"organizer"}) if kind.name in PUBLISHING else frozenset({*STAFF, *beside}))
    assert kind.audit is (kind.name in PUBLISHING)
    assert kind.shed is Shed.NEVER


ELSE = [kind for kind in KINDS if kind.name not in {*CAPTIONS, *STUDIO, *HINTS, *PUBLISHING}]


@pytest.mark.parametrize("kind", ELSE, ids=lambda kind: kind.name)
def test_what_only_staff_may_do_only_staff_may_ask_for_and_it_is_audited(kind: WishKind) -> None:
    """AUTH-01, AUTH-06: role by wish."""
    staff_only = bool(FOR_STAFF.match(kind.name))

    assert [kind.granted_to(frozenset({role})) for role in sorted(STAFF)] == [True, True]
    for roles in (frozenset[str](), frozenset({"speaker"}), frozenset({"captioner"}), frozenset({"screen"})):
        assert kind.granted_to(roles) is (not staff_only and roles != {"screen"})
    assert not staff_only or kind.audit
    assert not staff_only or kind.shed is Shed.NEVER


def test_votes_and_survey_answers_are_remembered_blindly_and_never_shed() -> None:
    secret = [kind for kind in KINDS if kind.name in {"polls.vote", "polls.hands", "polls.withdraw", "surveys.answer", "surveys.mail"}]

    assert {(kind.memory, kind.audit, kind.shed) for kind in secret} == {(Memory.BLIND, False, Shed.NEVER)}


def test_what_is_audited_is_noted_without_texts() -> None:
    class Words(Args):
        poll: str
        text: str
        name: str
        seconds: int = 5

    assert note_of(Words(poll="p1", text="hemligt", name="Kim")) == {"poll": "p1", "seconds": 5}


def test_two_rows_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="one name"):
        Table([KINDS[0], KINDS[0]])


async def test_every_event_is_shown_to_somebody_or_expressly_to_nobody(tmp_path: Path) -> None:
    async with product(tmp_path) as made:
        faces = {event for shows in all_shows(made.house.box, SystemClock(), made.house.booth) for event in shows.faces}
    ours = [event for (name, _), event in KNOWN.items() if not name.startswith(("board.", "counter.", "test", "library."))]

    assert [event.name for event in ours if event not in faces and event.__module__.split(".")[0] != "tests"] == []


@pytest.mark.parametrize("path", protocol.PAGES, ids=lambda path: path.name)
def test_the_pages_are_what_the_code_says(path: Path) -> None:
    page = path.read_text(encoding="utf-8")

    assert protocol.written(page) == page, "run python -m web.protocol"


def test_the_page_of_the_protocol_names_every_address() -> None:
    page = protocol.PAGE.read_text(encoding="utf-8")
    told = {found.group() for found in re.finditer(r"/[a-z{}/._-]+", page)}
    live = [route.path for route in bootstrap.routes() if isinstance(route, Address) and route.who.data]

    assert [path for path in live if path not in told] == []


@pytest.mark.parametrize(
    ("path", "to"), [("/days/d/live", "/days/d/live"), ("//x", "/"), ("/\\x", "/"), ("x", "/"), ("", "/"), ("/a\nb", "/"), ("/ä", "/ä")]
)
def test_only_local_paths_are_local(path: str, to: str) -> None:
    assert local(path) == to


async def test_a_participant_is_refused_every_wish_of_staff(tmp_path: Path) -> None:
    """AUTH-01, over the wire."""
    async with serving(tmp_path) as day, day.http(await day.sign_in()) as http:
        answer = await http.post("/days/d1/wishes", json={"id": "a", "do": "board.rule", "args": {"text": "x"}})
        before = (await http.get("/days/d1/state")).json()["seq"]

    assert (answer.status_code, answer.json()["error"]["code"], before) == (403, "role.missing", 0)


async def test_staff_is_granted_it_and_it_is_audited(tmp_path: Path) -> None:
    from sqlmodel import select

    from conference.core.audit import AuditEntry

    async with serving(tmp_path) as day, day.http(await day.sign_in(roles=["moderator"])) as http:
        answer = await http.post("/days/d1/wishes", json={"id": "a", "do": "board.rule", "args": {"text": "x"}})
        async with day.house.store.reading() as session:
            entries = (await session.exec(select(AuditEntry))).all()

    assert answer.status_code == 200
    assert [(entry.did, msgspec.json.decode(entry.note)) for entry in entries] == [("board.rule", {})]


async def test_under_pressure_chat_is_shed_and_staff_is_not(tmp_path: Path) -> None:
    async with serving(tmp_path) as day, day.http(await day.sign_in()) as http:
        day.house.floor.pressure.late_s = 5.0
        shed = await http.post("/days/d1/wishes", json={"id": "a", "do": "board.say", "args": {"text": "x"}})
        left = await http.post("/days/d1/wishes", json={"id": "b", "do": "people.leave", "args": {}})

    assert (shed.status_code, shed.json()["error"]["code"], left.status_code) == (429, "limit.reached", 200)
