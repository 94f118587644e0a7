"""The areas of the web, each registered as a third party's page would be."""

from importlib import import_module
from importlib.util import find_spec

from flask import Flask

AREAS = ("calendar", "contacts", "tasks", "calls", "profile")


def register_areas(app: Flask) -> None:
    """Add all areas to the application."""
    for name in AREAS:
        module = f"andock_web.{name}"
        if find_spec(module) is not None:
            import_module(module).register(app)
