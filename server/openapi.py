"""The routes as an OpenAPI 3.1 document. `python -m server.openapi` prints the one that `server/openapi.json` keeps."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Any, Final

import orjson
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from server.answers import Problem
from server.routes import Raw, Route
from shared.errors import FAULTS

VERSION: Final = "1"
REF: Final = "#/components/schemas/{model}"


def describe(routes: Sequence[Route[Any]]) -> dict[str, Any]:
    """The OpenAPI 3.1 document of these routes, with every model and every code they can answer with."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "guatu 挂图",
            "version": VERSION,
            "summary": "The office's end of a campaign board. What travels on the live connection is in PROTOCOL.md.",
        },
        "servers": [{"url": "/"}],
        "security": [{"device": []}],
        "paths": paths,
        "components": {
            "schemas": _schemas(routes),
            "securitySchemes": {
                "device": {"type": "http", "scheme": "bearer", "description": "A device token, from POST enrol."}
            },
        },
    }


def _operation(route: Route[Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.handler.__name__,
        "summary": (route.handler.__doc__ or "").split("\n")[0],
        "responses": {**_success(route), **_failures(route)},
    }
    if route.method == "POST":
        operation["requestBody"] = {"required": True, "content": _json(route.asks)}
    elif route.asks.model_fields:
        operation["parameters"] = list(_parameters(route))
    if route.body:
        operation["requestBody"] = {"required": True, "content": {route.body: {}}}
    if route.open:
        operation["security"] = []
    operation["x-least-role"] = None if route.open else route.role.value
    return operation


def _parameters(route: Route[Any]) -> Iterable[dict[str, Any]]:
    schema = route.asks.model_json_schema()
    for name, found in schema["properties"].items():
        in_path = "{" + name + "}" in route.path
        parameter = {"name": name, "in": "path" if in_path else "query", "required": name in schema.get("required", ())}
        told = {key: value for key, value in found.items() if key not in ("title", "description")}
        if "description" in found:
            parameter["description"] = found["description"]
        yield {**parameter, "schema": told}


def _success(route: Route[Any]) -> dict[str, Any]:
    answers = route.answers
    if not isinstance(answers, Raw):
        return {"200": {"description": (answers.__doc__ or "").split("\n")[0], "content": _json(answers)}}
    response: dict[str, Any] = {"description": answers.what}
    if answers.media:
        response["content"] = {answers.media: {}}
    if answers.status == 303:
        response["headers"] = {"Location": {"schema": {"type": "string", "format": "uri-reference"}}}
    return {str(answers.status): response}


def _failures(route: Route[Any]) -> dict[str, Any]:
    by_status: dict[str, list[str]] = {}
    for code in route.every_error():
        by_status.setdefault(str(FAULTS[code].status), []).append(code)
    return {
        status: {"description": ", ".join(f"`{code}`" for code in codes), "content": _json(Problem)}
        for status, codes in sorted(by_status.items())
    }


def _json(model: type[BaseModel]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": REF.format(model=model.__name__)}}}


def _schemas(routes: Sequence[Route[Any]]) -> dict[str, Any]:
    asked = [(route.asks, "validation") for route in routes if route.method == "POST"]
    given = [(route.answers, "serialization") for route in routes if not isinstance(route.answers, Raw)]
    models: list[Any] = [*dict.fromkeys([*asked, *given, (Problem, "serialization")])]
    _, document = models_json_schema(models, ref_template=REF)
    schemas: dict[str, Any] = document["$defs"]
    schemas["Problem"]["properties"]["code"]["enum"] = list(FAULTS)
    return dict(sorted(schemas.items()))


def main() -> None:
    """Print the document as it is kept beside the code."""
    from server.api import document  # noqa: PLC0415 -- the table of routes serves this module's own words

    sys.stdout.buffer.write(orjson.dumps(document(), None, orjson.OPT_INDENT_2) + b"\n")


if __name__ == "__main__":
    main()
