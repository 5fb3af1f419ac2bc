"""Editors at their laptops: one, many at once, or one with many entries under way. All times are seconds."""

from __future__ import annotations

import selectors
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.bench.line import Line, results_of


@dataclass(slots=True)
class Work:
    """What editing came to: from the first entry to the last ack, each entry's way to its ack, and when it was sent."""

    elapsed: float = 0.0
    latencies: list[float] = field(default_factory=list)
    sent: dict[int, int] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Acknowledged entries per second."""
        return len(self.latencies) / self.elapsed

    def note(self, results: Sequence[dict[str, int]], sent: int) -> None:
        """An ack has come for a frame sent at this moment (nanoseconds of the monotonic clock)."""
        self.latencies.append((time.monotonic_ns() - sent) / 1e9)
        for result in results:
            self.sent[result["seq"]] = sent


def alone(line: Line, frames: Sequence[bytes], every: float = 0.0) -> Work:
    """One editor, who waits for each ack, and makes an entry every so often at most."""
    work = Work()
    started = time.monotonic()
    for number, frame in enumerate(frames):
        time.sleep(max(0.0, started + number * every - time.monotonic()))
        sent = time.monotonic_ns()
        line.send(frame)
        work.note(line.acked(), sent)
    work.elapsed = time.monotonic() - started
    return work


def together(lines: Sequence[Line], frames: Sequence[Sequence[bytes]], in_flight: int = 1) -> Work:
    """Many editors at once, each with so many entries under way; each sends the frames that are its own."""
    work = Work()
    queues = [deque(own) for own in frames]
    waiting: list[deque[int]] = [deque() for _ in lines]
    left = sum(len(own) for own in frames)
    with selectors.DefaultSelector() as selector:
        started = time.monotonic()
        for number, line in enumerate(lines):
            selector.register(line, selectors.EVENT_READ, number)
            for _ in range(min(in_flight, len(queues[number]))):
                _send_next(line, queues[number], waiting[number])
        while left:
            for key, _ in selector.select():
                number = key.data
                for frame in lines[number].receive():
                    if frame["kind"] == "ack":
                        left -= 1
                        work.note(results_of(frame), waiting[number].popleft())
                        _send_next(lines[number], queues[number], waiting[number])
        work.elapsed = time.monotonic() - started
    return work


def _send_next(line: Line, queue: deque[bytes], waiting: deque[int]) -> None:
    if queue:
        waiting.append(time.monotonic_ns())
        line.send(queue.popleft())
