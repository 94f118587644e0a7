"""Calendar Subscription: shows a calendar that someone publishes as grey blocks in Andock."""

from andock_icalendar_subscription.plugin import CalendarSubscription

__version__ = "1.0.0"


def integration() -> CalendarSubscription:
    """The entry point `icalendar_subscription` of the group `andock.plugins`."""
    return CalendarSubscription()


__all__ = ["CalendarSubscription", "integration"]
