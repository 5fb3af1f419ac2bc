"""A campaign that nobody ran: invented inspectors and a plausible past, for demonstrations and measurements.

`populate` fills a board that has its roster; `next_change` goes on from there, one entry at a time. The same seed and
the same moment give the same campaign. Every person in it is called 示例…, so that nobody takes it for a real one.
"""

from server.simulate.cast import is_simulated
from server.simulate.history import SetClock, populate
from server.simulate.live import next_change

__all__ = ["SetClock", "is_simulated", "next_change", "populate"]
