"""`python -m tests.bench`: measure, print tables, and write every number with the machine it was measured on."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from tests.bench import durable, fanout, first_sync, grid, machine, offline, start, wall, work
from tests.bench.boards import Board, build, copied
from tests.bench.effort import FULL, QUICK, Effort
from tests.bench.figures import Figure, tables
from tests.bench.peers import measure as peers
from tests.bench.rosters import CITY, DISTRICT, PROVINCE

OUT: Final = Path(__file__).parent / "out"
SIZES: Final = (DISTRICT, CITY, PROVINCE)
QUICK_SIZES: Final = (DISTRICT, CITY)
ON_A_BOARD: Final[dict[str, Callable[[Board, Effort], Iterator[Figure]]]] = {
    "first_sync": first_sync.measure,
    "start": start.measure,
    "durable": durable.measure,
    "fanout": fanout.measure,
    "offline": offline.measure,
    "wall": wall.measure,
}
GRID: Final = "grid"
PEERS: Final = "peers"
WORK: Final = "work"


def main() -> None:
    """Measure what is asked for."""
    asked = _arguments()
    OUT.mkdir(exist_ok=True)
    sizes = asked.units or (QUICK_SIZES if asked.quick else SIZES)
    facts = {**machine.facts(OUT), "started": _now(), "load_before": round(machine.load(), 2)}
    figures: list[Figure] = []
    try:
        for figure in _measure(asked, sizes, QUICK if asked.quick else FULL):
            figures.append(figure)
            _progress(f"{figure.bench}, {figure.units:,} units")
    finally:
        facts |= {"ended": _now(), "load_after": round(machine.load(), 2)}
        _progress("")
        _tell(facts, figures)
        _write(asked.json, {"machine": facts, "quick": asked.quick, "figures": [each.to_json() for each in figures]})


def _measure(asked: argparse.Namespace, sizes: Sequence[int], effort: Effort) -> Iterator[Figure]:
    """Size by size, one bench after another on the same board, which grows by what is entered on the way."""
    chosen = [measure for name, measure in ON_A_BOARD.items() if name in asked.only]
    for size in sizes if chosen else ():
        with tempfile.TemporaryDirectory(dir=OUT) as folder:
            _progress(f"a board of {size:,} units")
            board = _board(size, Path(folder) / "of", reuse=asked.reuse)
            for measure in chosen:
                yield from measure(board, effort)
    if GRID in asked.only:
        yield from grid.measure(sizes)
    if WORK in asked.only:
        yield from work.measure(effort)
    if PEERS in asked.only:
        with tempfile.TemporaryDirectory(dir=OUT) as folder:
            yield from peers.measure(effort, Path(folder), asked.peers)


def _board(size: int, folder: Path, *, reuse: bool) -> Board:
    """A board to write to, made anew, or copied from the one that an earlier run has kept."""
    if not reuse:
        return build(folder, size)
    kept = OUT / "kept" / str(size)
    if not kept.exists():
        build(kept, size)
    return copied(kept, folder, size)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    names = (*ON_A_BOARD, GRID, WORK, PEERS)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, and no board of 20,000 units")
    parser.add_argument("--json", type=Path, default=OUT / "bench.json", metavar="OUT", help="where the numbers go")
    parser.add_argument("--units", type=int, nargs="+", metavar="N", help="on boards of these sizes")
    parser.add_argument("--only", nargs="+", choices=names, default=names, help="these benches")
    parser.add_argument("--reuse", action="store_true", help="keep the boards in out/kept, and take them from there")
    parser.add_argument("--peers", nargs="+", default=(), metavar="NAME", help="compare with these systems only")
    return parser.parse_args()


def _tell(facts: dict[str, object], figures: Sequence[Figure]) -> None:
    for name, fact in facts.items():
        sys.stdout.write(f"{name}: {fact}\n")
    sys.stdout.write("\n")
    for line in tables(figures):
        sys.stdout.write(line + "\n")
    missed = [figure for figure in figures if figure.met is False]
    aimed = [figure for figure in figures if figure.aim is not None]
    sys.stdout.write(f"{len(aimed) - len(missed)} of {len(aimed)} aims met; ! marks the others\n")


def _progress(doing: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{doing}")
        sys.stderr.flush()


def _write(path: Path, body: dict[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S%z")


if __name__ == "__main__":
    main()
