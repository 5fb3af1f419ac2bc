"""A campaign travels as JSON and is opened without a validator."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from shared.campaign import codec, schema

from .drill import STEP, WINDOW, Edit, drill, drop, problems_of, put

ROOT = Path(__file__).parents[3]


def test_a_campaign_comes_back_from_json_as_it_was() -> None:
    campaign = schema.parse(drill())
    there = json.loads(json.dumps(codec.dump(campaign)))
    assert codec.parse_trusted(there) == campaign
    assert schema.parse(there) == campaign


def test_the_keys_of_a_newer_office_are_left_aside() -> None:
    there = codec.dump(schema.parse(drill()))
    there["mascot"] = "tortoise"
    there["workflows"][0]["phases"][0]["steps"][0]["color"] = "red"
    del there["workflows"][0]["phases"][0]["steps"][0]["remarks"]
    assert codec.parse_trusted(there) == schema.parse(drill())


@pytest.mark.parametrize(
    ("edit", "code", "where"),
    [
        (drop(f"{STEP}.title"), "missing_key", f"{STEP}.title"),
        (put(f"{STEP}.checklist", "到会"), "wrong_type", f"{STEP}.checklist"),
        (put(f"{WINDOW}.start", 3), "wrong_type", f"{WINDOW}.start"),
        (put("workflows", None), "wrong_type", "workflows"),
    ],
)
def test_json_with_a_hole_is_refused_not_guessed(edit: Edit, code: str, where: str) -> None:
    there = codec.dump(schema.parse(drill()))
    edit(there)
    (found,) = problems_of(lambda: codec.parse_trusted(there))
    assert (found.code, found.where) == (code, where)


def test_laptops_open_a_campaign_without_the_validator() -> None:
    code = (
        "import sys; from shared.campaign import applies, calendar, codec, loader, model, problems, rules, show;"
        "loader.builtin_ids(); heavy = {'pydantic', 'textual', 'aiohttp', 'sqlite3'} & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
