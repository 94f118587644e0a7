"""The part of time that Andock keeps in step: 3 months back, 24 ahead."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

MONTHS_BACK = 3
MONTHS_AHEAD = 24
STEP = timedelta(days=30)
"""How far the window moves on before series without end are expanded again."""


@dataclass(frozen=True)
class Window:
    """From `begin` to `end` (exclusive), both aware."""

    begin: datetime
    end: datetime

    @classmethod
    def around(cls, now: datetime, back: int = MONTHS_BACK, ahead: int = MONTHS_AHEAD) -> "Window":
        """The window as it lies at `now` (aware), beginning and ending at midnight UTC; `back` and
        `ahead` in months."""
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return cls(
            begin=today - relativedelta(months=back),
            end=today + relativedelta(months=ahead),
        )

    def widened(self, other: "Window") -> "Window":
        """From the earlier begin of both to the later end."""
        return Window(min(self.begin, other.begin), max(self.end, other.end))
