"""What the server measures of itself, for Prometheus. A registry per server: two in one process do not mix."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from server.ledger import Committed

if TYPE_CHECKING:
    from server.desk import Desk

MAX_DEVICES: Final = 50
"""Lag is told of so many devices, those that are furthest behind."""
_SECONDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
_SIZES: Final = (1, 4, 16, 64, 256, 1024, 4096)


class Metrics:
    """The measures of one server. Labels take values from fixed tables only, so that their number is bounded."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._commits = Histogram(
            "guatu_commit_seconds", "From a group's judging to its durable commit.",
            buckets=_SECONDS, registry=self.registry,
        )  # fmt: skip
        self._groups = Histogram(
            "guatu_commit_group_changes", "Changes stored by one transaction.", buckets=_SIZES, registry=self.registry
        )
        self._changes = Counter(
            "guatu_changes", "Changes answered, by what became of them.", ["outcome"], registry=self.registry
        )
        self._refused = Counter("guatu_refused", "Refusals of any door, by code.", ["code"], registry=self.registry)
        self._saves = Histogram(
            "guatu_board_save_seconds", "From the image of the board to its durable file.",
            buckets=(*_SECONDS, 5, 10), registry=self.registry,
        )  # fmt: skip

    def committed(self, seconds: float, committed: Committed) -> None:
        """A transaction took so long and brought this."""
        self._commits.observe(seconds)
        if committed.records:
            self._groups.observe(len(committed.records))
        for outcomes in committed.outcomes:
            for outcome in outcomes:
                self._changes.labels(outcome.outcome).inc()

    def refused(self, code: str) -> None:
        """Somebody was told this code of `shared.errors`."""
        self._refused.labels(code).inc()

    def saved(self, seconds: float) -> None:
        """The board's file was written in so long."""
        self._saves.observe(seconds)

    def watch(self, desk: Desk) -> None:
        """Tell also what is read off a running desk whenever somebody asks."""
        Gauge("guatu_log_head", "The seq of the last record.", registry=self.registry).set_function(
            lambda: desk.feed.head.seq
        )
        Gauge("guatu_sockets", "Live connections.", registry=self.registry).set_function(lambda: len(desk.sessions))
        Gauge("guatu_board_behind_records", "Records in the log that board.json lacks.", registry=self.registry
              ).set_function(lambda: desk.feed.head.seq - desk.office.saved_seq)  # fmt: skip
        self.registry.register(_Lags(desk))

    def text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self.registry)


class _Lags(Collector):
    """How far the devices are behind, worst first, by what each last said it has on its disk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def collect(self) -> Iterator[GaugeMetricFamily]:
        head = self._desk.feed.head.seq
        read = self._desk.presence.read()
        text = f"Records behind, of the {MAX_DEVICES} devices furthest behind."
        family = GaugeMetricFamily("guatu_device_lag_records", text, labels=["device"])
        for device, seq in heapq.nsmallest(MAX_DEVICES, read.items(), key=lambda item: item[1]):
            family.add_metric([device], max(0, head - seq))
        yield family
