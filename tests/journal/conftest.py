"""The stage of the runs' tests, with a folder of contacts."""

from tests.runs.conftest import sqlite_stage, stage

__all__ = ["sqlite_stage", "stage"]
