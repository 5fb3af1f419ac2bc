"""`guatu-server serve` and `demo` as real processes."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import orjson
import pytest

from server.commands.demo import make
from tests.unit.clerk import CODE, ROOT, STATISTICS, answer, parsed, refusal, run, serving

pytestmark = pytest.mark.usefixtures("english")


def test_what_draws_or_serves_is_not_loaded_for_a_list(board: Path) -> None:
    script = (
        "import sys\nfrom server.cli import app\n"
        f"try:\n    app(['member', 'list', {str(board)!r}])\nexcept SystemExit: pass\n"
        "print([name for name in ('aiohttp', 'openpyxl', 'textual') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.splitlines()[-1] == "[]"


def test_serve_tells_its_address_and_ends_cleanly(district: Path) -> None:
    with serving("serve", district) as (server, line):
        assert re.fullmatch(r"listening on http://127\.0\.0\.1:[0-9]+\n", line)
        server.send_signal(signal.SIGTERM)
        assert server.wait(10) == 0
    assert parsed(run("check", district, "--json"))["ok"]


def test_the_office_goes_on_working_beside_a_running_server(district: Path) -> None:
    with serving("serve", district) as (_server, _line):
        assert refusal(run("serve", district), 4) == "a server is running on board already"
        assert CODE.fullmatch(answer(run("member", "add", district, "张三", "--role", "lead")))
        assert parsed(run("check", district, "--json"))["ok"]
        assert len(parsed(run("roster", "list", district, "--json"))) == 149
        assert "149 unchanged" in answer(run("roster", "import", district, *STATISTICS))


def test_a_port_that_is_taken_is_named(district: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    answer(run("init", other, "--area", "340111"))
    with serving("serve", district) as (_server, line):
        port = line.strip().rpartition(":")[2]
        assert refusal(run("serve", other, "--port", port), 4).startswith(f"cannot listen on 127.0.0.1:{port}: ")


def test_serve_takes_its_settings_from_the_folder_and_refuses_wrong_ones(district: Path) -> None:
    (district / "guatu.toml").write_text('host = "127.0.0.2"\n', "utf-8")
    assert 'host = "127.0.0.2"' in answer(run("settings", district))
    (district / "guatu.toml").write_text("prot = 1\n", "utf-8")
    assert refusal(run("serve", district), 2).startswith("guatu.toml: there is no setting prot")


def test_the_demo_serves_a_simulated_board_and_hands_out_a_code(tmp_path: Path) -> None:
    with serving("demo", tmp_path / "demo", "--pace", "0.05") as (server, line):
        assert line.startswith("listening on http://127.0.0.1:")
        assert server.stdout is not None
        assert CODE.fullmatch(server.stdout.readline())
        head = parsed(run("check", tmp_path / "demo", "--json"))["head"]
        while parsed(run("check", tmp_path / "demo", "--json"))["head"] < head + 3:
            assert server.poll() is None
        server.send_signal(signal.SIGTERM)
        assert server.wait(10) == 0
    assert parsed(run("check", tmp_path / "demo", "--json"))["held"] == 0


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
def test_a_disk_that_fails_ends_the_server_with_3_and_loses_nothing(tmp_path: Path) -> None:
    make(tmp_path / "demo", 1, datetime.now(UTC).astimezone())
    before = parsed(run("check", tmp_path / "demo", "--json"))["head"]
    with serving("demo", tmp_path / "demo", "--pace", "0.05", largest_file=200_000) as (server, line):
        assert line.startswith("listening on ")
        assert server.wait(30) == 3
    report = parsed(run("check", tmp_path / "demo", "--json"))
    assert report["ok"]
    assert report["head"] > before


@pytest.mark.parametrize(("flag", "status"), [("--metrics", 200), ("--no-metrics", 404)])
def test_the_measures_can_be_kept_in(district: Path, flag: str, status: int) -> None:
    code = answer(run("member", "add", district, "张三", "--role", "admin", "--area", "*")).split()[1]
    with serving("serve", district, flag) as (_server, line):
        address = line.removeprefix("listening on ").strip()
        wish = Request(f"{address}/api/v1/enrol", orjson.dumps({"code": code}))
        with urlopen(wish) as enrolled:
            token = orjson.loads(enrolled.read())["token"]
        assert status_of(Request(f"{address}/api/v1/metrics", headers={"Authorization": f"Bearer {token}"})) == status


def test_the_demo_never_writes_on_a_real_board(district: Path) -> None:
    assert refusal(run("demo", district), 4) == "board holds a board already"


def status_of(request: Request) -> int:
    """With which status the server answers."""
    try:
        with urlopen(request) as answered:
            return int(answered.status)
    except HTTPError as refused:
        refused.close()
        return refused.code
