"""What the children of the cradle do, by name, each with the files in whose calls it may be made to fail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from tests.faults import laptop_work, office_work

Work = Callable[..., int]

WORKS: Final[dict[str, tuple[Work, Sequence[str]]]] = {
    "entering": (office_work.enter, office_work.FILES),
    "serving": (office_work.serve, office_work.FILES),
    "keeping": (laptop_work.keep, laptop_work.FILES),
}
