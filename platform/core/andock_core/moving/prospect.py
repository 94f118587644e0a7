"""What switching over would do, as data. It holds names of the owner's calendars: sealed wherever
it rests."""

from collections import Counter

from pydantic import BaseModel, ConfigDict

COUNTS = (
    "paired",
    "differing",
    "only_old",
    "only_new",
    "stays",
    "created_here",
    "created_there",
    "changed_here",
    "changed_there",
    "deleted_here",
    "deleted_there",
    "waiting",
    "unread",
)
"""What is counted: items on both sides, of these different in content, only on the old side, only
on the new one; what stays in Andock and is on no side; what the first run after the switch would
do; what would wait because it could mail; what could not be read."""


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True)


class ProspectPart(_Data):
    """One calendar or folder of contacts: its name on the old side and on the new one."""

    old_name: str
    new_name: str
    kind: str
    role: str
    counts: dict[str, int] = {}

    def count(self, name: str) -> int:
        """How many; `name` is one of COUNTS."""
        return self.counts.get(name, 0)


class Prospect(_Data):
    """All of them. `left_out`: what nothing takes over from. `mails`: e-mails that the other side
    would send. `blocked`: something could be doubled, because a side could not be read in full."""

    parts: tuple[ProspectPart, ...] = ()
    left_out: tuple[str, ...] = ()
    mails: int = 0
    blocked: bool = False

    def count(self, name: str) -> int:
        """How many in all."""
        return sum(part.count(name) for part in self.parts)

    @property
    def strange(self) -> bool:
        """Whether most of what was there is not recognised: it may be the wrong mailbox."""
        return self.count("only_old") > self.count("paired")


class Tally(Counter[str]):
    """The counts of one part as they come. `mails` are e-mails that would be sent."""

    mails: int = 0
