"""A member with a memory calendar: without pages (`stage`), and with pages and jobs (`world`)."""

from tests.marketplace.conftest import anna, app, catalog, visit, world
from tests.runs.conftest import sqlite_stage, stage

__all__ = ["anna", "app", "catalog", "sqlite_stage", "stage", "visit", "world"]
