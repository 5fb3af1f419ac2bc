"""Administration, reading and health over HTTP: what is answered, to whom, and every way to be refused."""

from __future__ import annotations

import asyncio
import time
from datetime import date
from pathlib import Path

import orjson
import pytest

from server import pages
from server.answers import BoardAnswer, HistoryAnswer, UnitPage, UnitsAnswer
from server.api import ROUTES
from server.office import Office, create
from shared.board.record import step_address, unit_address
from shared.board.unit import values_of
from shared.rights import Role
from shared.roster import UnitKind
from tests.conftest import Served, serve
from tests.small import (
    AREA,
    CLOSED,
    COMMUNITY,
    FAR_VILLAGE,
    OTHER_TOWN,
    SECOND,
    TOWN,
    UNITS,
    VILLAGE,
    SetClock,
    campaign,
    note,
    state,
    unit,
)
from tests.wire.asking import enter, problem

OPEN = [code for code in sorted(one.code for one in UNITS) if code != CLOSED]


async def test_health_asks_for_nothing_and_says_nothing_else(served: Served) -> None:
    assert await served.ask("/healthz") == (200, {"ok": True})


async def test_everything_else_asks_for_a_token(served: Served) -> None:
    for route in ROUTES:
        path = route.path.format(code=VILLAGE, digest="00" * 16, name="x", hash="00" * 32)
        if route.open:
            continue
        assert await problem(served, path, method=route.method) == (401, "no-token"), path
        assert await problem(served, path, "nonsense", method=route.method) == (401, "bad-token"), path
    assert {route.path for route in ROUTES if route.open} == {"/healthz", "/api/v1/enrol"}
    for path in ("/", "/api/v1", "/api/v1/nothing", "/api/v1/../healthz/x", "/metrics"):
        assert await problem(served, path) == (401, "no-token"), "what there is and what not is nobody's business"


async def test_what_is_not_there_is_not_found_and_methods_are_told(served: Served) -> None:
    guest = await served.enrol()
    assert await problem(served, "/api/v1/nothing", guest.token) == (404, "not-found")
    assert await problem(served, "/api/v1/board", guest.token, method="DELETE") == (405, "bad-method")


async def test_ready_tells_the_head(served: Served) -> None:
    guest = await served.enrol()
    assert await guest.ask("/api/v1/ready") == {"ok": True, "head": served.head}


async def test_the_board_shows_the_units_lights_on_the_offices_day(served: Served, clock: SetClock) -> None:
    guest = await served.enrol()
    await enter(guest, state(guest.author, "done"), state(guest.author, "doing", SECOND))
    board = BoardAnswer.model_validate(await guest.ask("/api/v1/board"))
    assert (board.head, board.today) == (served.head, "2026-04-10")
    assert board.columns == ("1.1", "1.2", "1.3", "2.1", "2.2")
    assert [row.code for row in board.units] == OPEN
    lights = {row.code: row.lights for row in board.units}
    assert lights[VILLAGE] == "毕正 未免"
    assert lights[COMMUNITY] == "正正 未未"
    towns = {town.code: town for town in board.towns}
    assert (towns[TOWN].name, towns[TOWN].units, towns[TOWN].done) == ("东镇", 4, 1)
    assert towns[TOWN].worst == "正正 未未"
    assert board.counts == {"毕": 1, "正": 11, "未": 7, "免": 5}
    assert (board.done, board.applicable) == (1, 19)
    assert board.campaign.digest == served.desk.office.campaigns.digest()


async def test_the_board_follows_entries_days_and_who_was_heard_of(served: Served, clock: SetClock) -> None:
    guest = await served.enrol(areas=(TOWN,))

    async def light(code: str) -> str:
        board = await guest.ask("/api/v1/board")
        return str(next(row["lights"][0] for row in board["units"] if row["code"] == code))

    await enter(guest)
    assert await light(VILLAGE) == "正"
    await enter(guest, state(guest.author, "submitted"))
    assert await light(VILLAGE) == "审"
    clock.move(days=18)
    assert [await light(SECOND), await light(VILLAGE)] == ["临", "审"]
    clock.move(days=5)
    assert await light(SECOND) == "？", "nobody was heard of since it fell due"
    async with guest.connect() as speaker:
        await speaker.hello()
        assert await light(SECOND) == "逾"
    board = await guest.ask("/api/v1/board")
    assert next(row["over"] for row in board["units"] if row["code"] == SECOND) == 3


async def test_the_offices_day_is_the_local_one(
    served: Served, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest = await served.enrol()
    clock.move(hours=13)  # 17:00 UTC, past midnight in Hefei
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    try:
        assert (await guest.ask("/api/v1/board"))["today"] == "2026-04-11"
        await enter(guest)
        assert served.desk.day == (date(2026, 4, 11), {"340111": date(2026, 4, 11)})
    finally:
        monkeypatch.undo()
        time.tzset()


async def test_everybody_sees_their_own_areas_alone(served: Served) -> None:
    near, far = await served.enrol(Role.VIEWER, (VILLAGE, OTHER_TOWN)), await served.enrol(Role.LEAD, ("*",))
    (entered,) = await enter(far, note(far.author, "geheim", SECOND))
    board = await near.ask("/api/v1/board")
    assert [row["code"] for row in board["units"]] == [VILLAGE, OTHER_TOWN, FAR_VILLAGE]
    assert [(town["code"], town["name"]) for town in board["towns"]] == [(TOWN, TOWN), (OTHER_TOWN, "西镇")]
    assert board["applicable"] == sum(row["applicable"] for row in board["units"])
    units = await near.ask("/api/v1/units")
    assert [row["code"] for row in units["units"]] == [VILLAGE, OTHER_TOWN, FAR_VILLAGE, CLOSED]
    for path in (f"/api/v1/units/{SECOND}", f"/api/v1/units/{SECOND}/history"):
        assert await problem(served, path, near.token) == (404, "not-found")
        assert await problem(served, path.replace(SECOND, "340111001777"), near.token) == (404, "not-found")
    assert entered["outcome"] == "applied"
    assert "geheim" not in orjson.dumps([board, units]).decode()


async def test_an_administrator_reads_all(served: Served) -> None:
    admin = await served.enrol(Role.ADMIN, (VILLAGE,))
    assert [row["code"] for row in (await admin.ask("/api/v1/board"))["units"]] == OPEN
    assert (await admin.ask(f"/api/v1/units/{FAR_VILLAGE}"))["unit"]["name"] == "丁村"


async def test_units_come_in_pages(served: Served) -> None:
    guest = await served.enrol()
    found: list[str] = []
    after: str | None = ""
    while after is not None:
        page = UnitsAnswer.model_validate(await guest.ask(f"/api/v1/units?limit=3&after={after}"))
        assert len(page.units) <= 3
        found += [one.code for one in page.units]
        after = page.next
    assert found == sorted(one.code for one in UNITS)
    (community,) = (await guest.ask(f"/api/v1/units?after={TOWN}&limit=1"))["units"]
    assert community == {
        "code": COMMUNITY, "name": "丙社区", "short": "丙社区", "kind": "community", "parent": TOWN, "group": "",
        "closed": False, "attributes": {"party_committee": True}, "people": {},
            "figures": {}, "ties": {},
    }  # fmt: skip


async def test_a_unit_shows_every_standing_value_and_where_it_came_from(served: Served) -> None:
    one, two = await served.enrol(), await served.enrol()
    left, right = state(one.author, "doing"), state(two.author, "done")
    await enter(one, left)
    await enter(two, right, note(two.author, "x", step="1.2"))
    page = UnitPage.model_validate(await one.ask(f"/api/v1/units/{VILLAGE}"))
    assert (page.unit.name, page.head, page.complete) == ("甲村", served.head, True)
    assert page.row is not None
    assert (page.row.lights, page.row.marks) == ("正正 未免", (0,))
    records = {record.address: record.fields for record in page.records}
    assert list(records) == [unit_address(VILLAGE), step_address(VILLAGE, "1.1"), step_address(VILLAGE, "1.2")]
    field = records[step_address(VILLAGE, "1.1")]["state"]
    assert field.collides
    assert {(head.id, head.value, head.author) for head in field.heads} == {
        (left.id, "doing", one.author.member),
        (right.id, "done", two.author.member),
    }
    closed = UnitPage.model_validate(await one.ask(f"/api/v1/units/{CLOSED}"))
    assert (closed.row, closed.unit.closed) == (None, True)


async def test_a_unit_with_ever_so_many_records_shows_some_and_says_so(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MAX_RECORDS", 2)
    guest = await served.enrol()
    await enter(guest, note(guest.author, "x"), note(guest.author, "x", step="1.2"))
    page = UnitPage.model_validate(await guest.ask(f"/api/v1/units/{VILLAGE}"))
    assert (len(page.records), page.complete) == (2, False)


async def test_history_is_newest_first_and_bounded_and_shows_what_is_held(served: Served) -> None:
    lead, member = await served.enrol(Role.LEAD), await served.enrol(Role.MEMBER)
    await enter(lead, *(note(lead.author, str(n), step=f"1.{n % 2 + 1}") for n in range(10)))
    (held,) = await enter(member, state(member.author, "returned"))
    history = HistoryAnswer.model_validate(await lead.ask(f"/api/v1/units/{VILLAGE}/history?limit=4"))
    assert [record.seq for record in history.records] == [served.head - n for n in range(4)]
    assert (history.records[0].status, history.records[0].seq) == ("held:no-right", held["seq"])
    assert history.records[1].change["set"] == {"note": "9"}
    step = HistoryAnswer.model_validate(await lead.ask(f"/api/v1/units/{VILLAGE}/history?step=1.2&limit=500"))
    assert [record.change["set"]["note"] for record in step.records] == ["9", "7", "5", "3", "1"]


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=501", "limit=x", "limit=", "limit=5&limit=6", "step=", "ste=1.1", f"step={'x' * 65}", "code=1"],
)
async def test_a_parameter_that_is_none_is_told(served: Served, query: str) -> None:
    guest = await served.enrol()
    path = f"/api/v1/units/{VILLAGE}/history?{query}"
    if query == "code=1":  # the path has the last word on what it names
        assert (await served.ask(path, guest.token))[0] == 200
    else:
        assert await problem(served, path, guest.token) == (400, "bad-request")


async def test_a_token_in_the_address_is_no_token(served: Served) -> None:
    guest = await served.enrol()
    for query in ("token", "access_token", "Authorization"):
        assert await problem(served, f"/api/v1/board?{query}={guest.token}") == (401, "no-token")


async def test_the_campaign_is_found_by_its_digest(served: Served) -> None:
    guest = await served.enrol()
    digest = served.desk.office.campaigns.digest()
    assert (await guest.ask(f"/api/v1/campaign/{digest}"))["id"] == "small"
    assert await problem(served, f"/api/v1/campaign/{'00' * 16}", guest.token) == (404, "not-found")
    assert await problem(served, "/api/v1/campaign/..%2F..%2Flog.sqlite", guest.token) == (400, "bad-request")


async def test_a_board_of_many_units_stops_nobody(tmp_path: Path, clock: SetClock) -> None:
    """While the rows of thousands of units are made for the first time, others are answered all along."""

    def make() -> Office:
        create(tmp_path / "wide", campaign(), AREA, clock)
        office = Office(tmp_path / "wide", clock, serving=True)
        codes = [f"3401{n // 900:02}{n % 900 + 100:03}{m:03}" for n in range(30) for m in range(200, 300)]
        units = [unit(code, f"村{code}", UnitKind.VILLAGE) for code in codes]
        office.enter([office.change(unit_address(one.code), values_of(one)) for one in units])
        return office

    office = await asyncio.to_thread(make)
    async with serve(office) as served:
        guest = await served.enrol(areas=("3401",))
        reading = asyncio.create_task(guest.ask("/api/v1/board"))
        gaps, last = [0.0], time.perf_counter()
        while not reading.done():
            await asyncio.sleep(0)
            now = time.perf_counter()
            gaps.append(now - last)
            last = now
        board = await reading
        assert len(board["units"]) == 3000
        assert len(gaps) > 20, "others had their turn, again and again"
        assert sorted(gaps)[-4] < sum(gaps) / 4, "pauses of the machine's own are forgiven"
    await asyncio.to_thread(office.close)
