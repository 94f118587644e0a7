"""Office 365 for Andock: calendars of Microsoft 365, over Microsoft Graph."""

from andock_office365_calendar.plugin import Office365Calendar

__version__ = "1.0.0"


def integration() -> Office365Calendar:
    """The entry point."""
    return Office365Calendar()
