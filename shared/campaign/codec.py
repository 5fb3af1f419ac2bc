"""A campaign as JSON and back, without a validator: what the office sends to laptops and they keep.

The office checks a campaign with `shared.campaign.schema` before it sends it. Keys that this version does not know
are left aside and missing ones take their default, so that an older laptop opens a newer campaign (architecture,
promise 9).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar, cast, get_args, get_origin, get_type_hints

from shared.campaign.model import Campaign
from shared.campaign.problems import CampaignInvalid, problem

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")


class _Sort(NamedTuple):
    """What a field holds: values of a class, or several of something; neither when it holds a plain value."""

    cls: type[Any] | None
    inner: Any


_PLAIN: Final = _Sort(None, None)


def dump(campaign: Campaign) -> dict[str, Any]:
    """The campaign as JSON values, every key written out; `parse_trusted` gives the same campaign back."""
    return cast(dict[str, Any], _plain(campaign))


def parse_trusted(obj: object) -> Campaign:
    """The campaign that `dump` wrote.

    Raises `CampaignInvalid` when a table or list is not where it should be; values are not checked further.
    """
    return build(Campaign, obj)


def build(cls: type[T], obj: object, where: str = "") -> T:
    """The value of one class of `model.py` from its JSON object; `where` is its place, for messages."""
    if not isinstance(obj, Mapping):
        raise CampaignInvalid([problem("wrong_type", where=where, expected="{ ... }")])
    known: dict[str, Any] = {}
    for name, (hint, needed) in _shape(cls).items():
        if name in obj:
            known[name] = _value(hint, obj[name], f"{where}.{name}" if where else name)
        elif needed:
            raise CampaignInvalid([problem("missing_key", where=f"{where}.{name}" if where else name)])
    return cls(**known)


def _value(hint: Any, obj: object, where: str) -> Any:
    cls, inner = _sort_of(hint)
    if cls is not None:
        return build(cls, obj, where)
    if inner is None:
        return obj
    if not isinstance(obj, list | tuple):
        raise CampaignInvalid([problem("wrong_type", where=where, expected="[ ... ]")])
    if _sort_of(inner) is _PLAIN:
        return tuple(obj)
    return tuple(_value(inner, each, f"{where}[{n}]") for n, each in enumerate(obj, 1))


@cache
def _sort_of(hint: Any) -> _Sort:
    """What a field of this type holds."""
    if isinstance(hint, type) and is_dataclass(hint):
        return _Sort(hint, None)
    return _Sort(None, get_args(hint)[0]) if get_origin(hint) is tuple else _PLAIN


@cache
def _shape(cls: type[DataclassInstance]) -> dict[str, tuple[Any, bool]]:
    """Each field's type and whether it must be given."""
    hints = get_type_hints(cls)
    return {f.name: (hints[f.name], _needed(f)) for f in fields(cls)}


def _needed(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value
