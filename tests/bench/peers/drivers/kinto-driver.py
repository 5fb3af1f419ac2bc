"""Drives Kinto over HTTP: `kinto-driver.py WORK URL TASK HOME [NUMBER...]`.

A record is a record. An acknowledgement is the answer to a request: PostgreSQL has committed it to its disk. Nothing is
told to listeners; they ask once a second what is new.
"""

import base64
import http.client
import json
import re
import sys
import threading
import time
from bisect import bisect_left
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

COLLECTION = "/v1/buckets/board/collections/records"
RECORDS = f"{COLLECTION}/records"
BATCH = 256
ASKING = 1.0
HEADERS = {"Authorization": "Basic " + base64.b64encode(b"bench:bench").decode(), "Content-Type": "application/json"}


class Client:
    """One connection that stays open."""

    def __init__(self) -> None:
        self._connection = http.client.HTTPConnection(AT.hostname or "", AT.port)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any, http.client.HTTPMessage]:
        """Status, body and headers of an answer."""
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        self._connection.request(method, path, data, {**HEADERS, **headers})
        answer = self._connection.getresponse()
        read = answer.read()
        return answer.status, json.loads(read) if read else None, answer.headers

    def every(self) -> dict[str, Any]:
        """All records as they stand."""
        status, body, _ = self.ask("GET", RECORDS)
        assert status == 200, body
        return {record["id"]: record for record in body["data"]}

    def batch(self, requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The answers to many requests, in batches."""
        answers = []
        for at in range(0, len(requests), BATCH):
            status, body, _ = self.ask("POST", "/v1/batch", {"requests": requests[at : at + BATCH]})
            assert status == 200, body
            answers += body["responses"]
        return answers

    def edit(self, number: int) -> int:
        """Enter a note; the time that the server gave it."""
        status, body, _ = self.ask("PATCH", f"{RECORDS}/{named(number)}", {"data": {"note": f"#{number}"}})
        assert status == 200, body
        changed: int = body["data"]["last_modified"]
        return changed


def named(number: int) -> str:
    """A record's id in the letters that Kinto takes."""
    return re.sub(r"[^0-9A-Za-z]", "-", FILED[number % len(FILED)][0])


def say(line: str) -> None:
    """A line for the bench, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def load() -> dict[str, Any]:
    """All records, in batches."""
    client = Client()
    assert client.ask("PUT", "/v1/buckets/board")[0] < 300
    assert client.ask("PUT", COLLECTION)[0] < 300
    requests = [
        {"method": "PUT", "path": f"{RECORDS}/{named(at)}", "body": {"data": fields}}
        for at, (_, fields) in enumerate(FILED)
    ]
    started = time.perf_counter()
    answers = client.batch(requests)
    seconds = time.perf_counter() - started
    assert all(answer["status"] == 201 for answer in answers)
    return {"seconds": seconds}


def edit(first: int, count: int) -> dict[str, Any]:
    """One edit after the other."""
    client = Client()
    client.edit(first)
    ms = []
    for number in range(first, first + count):
        started = time.perf_counter()
        client.edit(number)
        ms.append((time.perf_counter() - started) * 1000)
    return {"ms": ms}


def listen(first: int, count: int, every_ms: int) -> dict[str, Any]:
    """Edits every so often, and listeners who ask."""
    over = threading.Event()
    heard: list[list[tuple[float, int]]] = [[] for _ in range(TASK["listeners"])]
    threads = [threading.Thread(target=_ask_again, args=(each, over), daemon=True) for each in heard]
    for thread in threads:
        thread.start()
        time.sleep(ASKING / len(threads))
    client = Client()
    sent = []
    for number in range(first, first + count):
        started = time.perf_counter()
        sent.append((started, client.edit(number)))
        time.sleep(max(0.0, started + every_ms / 1000 - time.perf_counter()))
    while any(not each or each[-1][1] < sent[-1][1] for each in heard):
        time.sleep(0.05)
    over.set()
    return {"ms": [max(_when(each, changed) - started for each in heard) * 1000 for started, changed in sent]}


def _ask_again(heard: list[tuple[float, int]], over: threading.Event) -> None:
    client, since = Client(), 0
    while not over.is_set():
        started = time.perf_counter()
        status, _, headers = client.ask("GET", f"{RECORDS}?_since={since}")
        assert status == 200
        since = int(headers["ETag"].strip('"'))
        heard.append((time.perf_counter(), since))
        time.sleep(max(0.0, started + ASKING - time.perf_counter()))


def _when(heard: list[tuple[float, int]], changed: int) -> float:
    return heard[bisect_left(heard, changed, key=lambda each: each[1])][0]


def sync(_: int) -> dict[str, Any]:
    """All records at once."""
    started = time.perf_counter()
    found = Client().every()
    assert len(found) == len(FILED)
    return {"seconds": time.perf_counter() - started}


def collide() -> dict[str, Any]:
    """Two who were away send what they entered, if nobody else has; what is refused would have to be entered anew."""
    client = Client()
    seen = client.every()
    started = time.perf_counter()
    for side, span in enumerate((TASK["left"], TASK["right"])):
        client.batch([_offline(seen, side, at) for at in range(*span)])
    sides = [Client().every() for _ in range(2)]
    seconds = time.perf_counter() - started
    assert sides[0] == sides[1]
    both = range(TASK["right"][0], TASK["left"][1])
    texts = {at: json.dumps(sides[0][named(at)]) for at in both}
    return {"seconds": seconds, "kept": sum(f'"0:{at}"' in text and f'"1:{at}"' in text for at, text in texts.items())}


def _offline(seen: dict[str, Any], side: int, at: int) -> dict[str, Any]:
    match = f'"{seen[named(at)]["last_modified"]}"'
    body = {"data": {"note": f"{side}:{at}"}}
    return {"method": "PATCH", "path": f"{RECORDS}/{named(at)}", "body": body, "headers": {"If-Match": match}}


def hammer(first: int) -> dict[str, Any]:
    """Edit for ever, and say the number of each edit that was acknowledged."""
    client = Client()
    client.every()
    say("ready")
    for number in range(first, sys.maxsize):
        try:
            client.edit(number)
        except (OSError, http.client.HTTPException):
            break
        say(str(number))
    return {}


def present() -> dict[str, Any]:
    """What stands on all notes."""
    found = Client().every()
    return {"found": {address: [found[named(at)]["note"]] for at, (address, _) in enumerate(FILED)}}


AT = urlsplit(sys.argv[2])
TASK = json.loads(Path(sys.argv[3]).read_text(encoding="utf-8"))
FILED = TASK["records"]
WORKS: dict[str, Any] = {
    "load": load, "edit": edit, "listen": listen, "sync": sync, "collide": collide,
    "hammer": hammer, "present": present,
}  # fmt: skip
say(json.dumps(WORKS[sys.argv[1]](*map(int, sys.argv[5:]))))
