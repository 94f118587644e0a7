"""Was made for a contract before the first. Andock sees that from the package's requirements and
runs none of this."""

import sys

sys.stderr.write("The outdated plugin's code runs.\n")


class OutdatedCalendar:
    """As plugins were once."""

    contract = "0.8"

    def calendars(self) -> list[str]:
        """A method of that time."""
        return []


def integration() -> OutdatedCalendar:
    """The entry point `outdated_calendar`."""
    return OutdatedCalendar()
