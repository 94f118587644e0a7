"""The memory integration in a later version."""

from datetime import timedelta

from andock_core.clock import now
from andock_sdk import Answers, Context, FieldErrors, Grant, Listing, Permission, Text, hookimpl
from tests.support.memory_plugin import MemoryCalendar

MAIL = Permission(
    icon="mail",
    what=Text(en="Mail", de="E-Mail"),
    access=Text(en="Read", de="Lesen"),
)


def later() -> "Later":
    """What the entry point calls."""
    return Later()


class Later(MemoryCalendar):
    """Asks for mail besides, and its secrets end in five days."""

    @hookimpl
    def describe(self) -> Listing:
        """One permission more."""
        listing = super().describe()
        more = {"version": "2.0.0", "permissions": (*listing.permissions, MAIL)}
        return listing.model_copy(update=more)

    @hookimpl
    def authorize(self, context: Context, answers: Answers) -> Grant | FieldErrors:
        """A grant that says when it ends."""
        grant = super().authorize(context, answers)
        if isinstance(grant, FieldErrors):
            return grant
        ends = (now() + timedelta(days=5)).isoformat()
        return grant.model_copy(update={"facts": {"ends_at": ends}})
