"""The description of the REST doors: sound by itself, complete, and the very one that is kept beside the code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import orjson
import pytest
from pydantic import BaseModel, TypeAdapter

import server
from server.api import ROUTES, document
from server.app import create_app
from server.bounds import Bounds
from server.desk import Desk
from server.office import Office
from server.routes import Raw
from shared.errors import FAULTS

KEPT = Path(server.__file__).with_name("openapi.json")
OPERATIONS = [(path, method) for path, methods in document()["paths"].items() for method in methods]


def operation(path: str, method: str) -> dict[str, Any]:
    found: dict[str, Any] = document()["paths"][path][method]
    return found


def parts(value: Any) -> Iterator[dict[str, Any]]:
    """Every object inside a document."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from parts(inner)


def test_the_kept_document_is_the_one_the_routes_make() -> None:
    assert orjson.loads(KEPT.read_bytes()) == orjson.loads(orjson.dumps(document())), (
        "run: python -m server.openapi > server/openapi.json"
    )


def test_it_is_openapi_3_1() -> None:
    described = document()
    assert described["openapi"] == "3.1.0"
    assert {"title", "version"} <= set(described["info"])
    assert set(described) <= {"openapi", "info", "servers", "security", "paths", "components"}
    assert described["security"] == [{"device": []}]
    assert described["components"]["securitySchemes"]["device"]["scheme"] == "bearer"


def test_every_reference_leads_somewhere_and_every_schema_is_used() -> None:
    described = document()
    named = {part["$ref"] for part in parts(described) if "$ref" in part}
    schemas = described["components"]["schemas"]
    assert named == {f"#/components/schemas/{name}" for name in schemas}


def test_every_schema_is_a_json_schema_of_known_words() -> None:
    words = {
        "$ref", "additionalProperties", "anyOf", "const", "default", "description", "enum", "items", "maxItems",
        "maxLength", "maximum", "minItems", "minLength", "minimum", "pattern", "prefixItems", "properties", "required",
        "title", "type",
    }  # fmt: skip
    types = {"array", "boolean", "integer", "null", "number", "object", "string"}

    def check(schema: dict[str, Any]) -> None:
        assert set(schema) <= words, schema
        assert schema.get("type", "object") in types
        for inner in schema.get("properties", {}).values():
            check(inner)
        for inner in (*schema.get("anyOf", ()), *schema.get("prefixItems", ())):
            check(inner)
        for key in ("items", "additionalProperties"):
            if isinstance(schema.get(key), dict):
                check(schema[key])

    for schema in document()["components"]["schemas"].values():
        check(schema)
        assert set(schema.get("required", ())) <= set(schema["properties"])


def test_every_operation_has_a_name_of_its_own_a_summary_and_answers() -> None:
    names = [operation(*each)["operationId"] for each in OPERATIONS]
    assert len(set(names)) == len(names)
    for each in OPERATIONS:
        described = operation(*each)
        assert described["summary"].endswith("."), each
        assert all(re.fullmatch(r"[1-5]\d\d", status) for status in described["responses"])
        assert all(response["description"] for response in described["responses"].values())


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_the_parameters_of_a_path_are_told(path: str, method: str) -> None:
    told = {each["name"]: each for each in operation(path, method).get("parameters", ())}
    in_path = set(re.findall(r"{(\w+)}", path))
    assert {name for name, each in told.items() if each["in"] == "path"} == in_path
    assert all(told[name]["required"] for name in in_path)
    assert all("schema" in each for each in told.values())


def test_what_takes_no_token_says_so_and_nothing_else_does() -> None:
    open_ones = {path for path, method in OPERATIONS if operation(path, method).get("security") == []}
    assert open_ones == {"/healthz", "/api/v1/enrol"}
    for path, method in OPERATIONS:
        assert ("401" in operation(path, method)["responses"]) is (path not in open_ones)


def test_every_code_a_route_names_is_in_the_one_table() -> None:
    for route in ROUTES:
        responses = operation(route.path, route.method.lower())["responses"]
        for code in route.every_error():
            assert f"`{code}`" in responses[str(FAULTS[code].status)]["description"]
    assert document()["components"]["schemas"]["Problem"]["properties"]["code"]["enum"] == list(FAULTS)


def test_the_server_has_these_routes_and_no_others(office: Office) -> None:
    desk = Desk(office, Bounds())
    served = {
        (resource.canonical, route.method) for route in create_app(desk).router.routes() if (resource := route.resource)
    }
    desk.reading.close()
    assert served == {(path, method.upper()) for path, method in OPERATIONS}
    assert len(served) == len(ROUTES)


def test_answers_are_models_with_no_keys_but_their_own() -> None:
    for route in ROUTES:
        if isinstance(route.answers, Raw):
            continue
        for model in _models(route.answers):
            assert model.model_config["extra"] == "forbid", model
            assert TypeAdapter(model).json_schema(mode="serialization")["additionalProperties"] is False


def _models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield model
    for field in model.model_fields.values():
        for inner in (field.annotation, *get_args(field.annotation)):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from _models(inner)
