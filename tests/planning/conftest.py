"""Fixtures of the planning's tests: the calendar's people and pages."""

from tests.calendar.conftest import app, core, firm, office, page, visit

__all__ = ["app", "core", "firm", "office", "page", "visit"]
