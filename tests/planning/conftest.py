"""Fixtures of the planning's tests: the calendar's people, and all pages that plan."""

import pytest
from flask import Flask

from andock_core.core import Core
from andock_web import calendar, calls, tasks
from andock_web.app import create_app
from tests.calendar.builders import Office
from tests.calendar.conftest import Visitor, core, firm, office, page, visit

__all__ = ["core", "firm", "office", "page", "visit"]


@pytest.fixture
def app(core: Core, firm: Office) -> Flask:
    """The application with calendar, tasks and calls."""
    application = create_app(core)
    application.config["WTF_CSRF_ENABLED"] = False  # the browser's tests switch it on
    application.test_client_class = Visitor
    for area in (calendar, tasks, calls):
        area.register(application)
    return application
