"""Office 365 for Andock: calendars and contacts of Microsoft 365, over Microsoft Graph."""

__version__ = "1.0.0"
