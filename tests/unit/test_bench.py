"""What the benches count by: the same work for everybody, what a kill has lost, and tables that show it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.bench.figures import Aim, Figure, tables
from tests.bench.peers import task
from tests.bench.peers.install import Packages
from tests.bench.peers.killing import lost
from tests.bench.peers.systems import PEERS

ADDRESSES = [f"step/340111001{number:03}/1.1" for number in range(50)]
IDS = ("a", "b")


class TestTheWork:
    def test_every_record_has_the_size_that_is_told(self) -> None:
        assert {task.size(one.fields) for one in task.records(ADDRESSES)} == {task.SIZE}

    def test_it_is_the_same_in_every_run(self) -> None:
        assert task.records(ADDRESSES) == task.records(ADDRESSES)

    def test_a_file_carries_it_to_every_driver(self, tmp_path: Path) -> None:
        filed = task.records(ADDRESSES)
        task.write(tmp_path / "task.json", filed)
        assert task.read(tmp_path / "task.json") == filed
        assert json.loads((tmp_path / "task.json").read_text(encoding="utf-8"))["listeners"] == task.LISTENERS

    def test_two_people_edit_500_each_and_meet_on_50(self) -> None:
        both = task.offline()
        assert (len(both.left), len(both.right)) == (task.OFFLINE, task.OFFLINE)
        assert len(set(both.left) & set(both.right)) == task.COLLIDING
        assert max(both.right) < task.COUNT


class TestWhatAKillHasLost:
    def test_an_edit_that_is_found_is_not_lost(self) -> None:
        assert lost([10], IDS, {"a": ["#10"], "b": ["loaded"]}) == 0

    def test_an_edit_that_a_later_one_replaced_is_not_lost(self) -> None:
        assert lost([10, 12], IDS, {"a": ["#12"], "b": ["loaded"]}) == 0

    def test_an_edit_that_stands_beside_others_is_not_lost(self) -> None:
        assert lost([10], IDS, {"a": ["#2", "#10"]}) == 0

    def test_an_acknowledged_edit_behind_which_an_older_one_stands_is_lost(self) -> None:
        assert lost([10, 11, 12, 13], IDS, {"a": ["#10"], "b": ["loaded"]}) == 3

    def test_all_is_lost_with_a_record_that_is_gone(self) -> None:
        assert lost([10, 11], IDS, {}) == 2


class TestTables:
    def test_systems_have_columns_of_their_own_and_an_aim_is_marked_where_it_is_missed(self) -> None:
        figures = [
            Figure("peers", 180, "edit", 1.0, "ms", Aim(0.8), system="guatu"),
            Figure("peers", 180, "edit", 2.0, "ms", system="another"),
            Figure("peers", 180, "edit", 3.0, "kB", system="another"),
        ]
        heading, first, second, _ = tables(figures)
        assert heading.split() == ["peers", "guatu", "another", "aim"]
        assert first.split() == ["edit,", "ms", "1!", "2", "≤", "0.8"]
        assert second.split() == ["edit,", "kB", "-", "3"]

    def test_sizes_of_boards_come_in_their_order(self) -> None:
        figures = [Figure("start", units, "guatu", 1.0, "ms") for units in (20_000, 149)]
        assert next(tables(figures)).split() == ["start", "149", "20,000", "aim"]


def test_every_package_of_a_peer_has_an_exact_version_and_no_address() -> None:
    for system in PEERS:
        for packages in system.packages:
            mark = "@" if packages.of_npm else "=="
            assert all(name.rpartition(mark)[2][0].isdigit() for name in packages.names), packages
            assert not any("://" in name for name in packages.names)


def test_node_and_python_packages_are_told_apart() -> None:
    assert Packages("x", ("@scope/name@1.0.0",)).of_npm
    assert not Packages("x", ("name[extra]==1.0.0",)).of_npm
