"""Exchange Calendar: keeps an Exchange Server's calendars in step with Andock, over EWS."""

from andock_exchange_calendar.plugin import ExchangeCalendar

__version__ = "1.0.0"


def integration() -> ExchangeCalendar:
    """The entry point `exchange_calendar` of the group `andock.plugins`."""
    return ExchangeCalendar()


__all__ = ["ExchangeCalendar", "integration"]
