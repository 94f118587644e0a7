"""Logs: lines with fields and ids, for people or as JSON, and nothing private in them."""

import logging
import re

import pytest

from andock_core import logs
from andock_core.config import SettingsError, load
from tests.support.log_lines import written

log = logging.getLogger("andock.jobs")


def test_every_line_has_time_level_event_and_process() -> None:
    with written("json", "worker-interactive") as seen:
        log.info("job done task=%s seconds=%.2f", "sync", 1.2345)
    (line,) = seen.lines
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", line.pop("time"))
    assert line.pop("pid") > 0
    assert line == {
        "level": "info",
        "event": "job done",
        "process": "worker-interactive",
        "task": "sync",
        "seconds": 1.23,
    }


def test_the_ids_of_a_block_stand_on_its_lines_alone() -> None:
    with written("json") as seen:
        with logs.about(request="0123456789", job=""), logs.about(connection="c1"):
            log.info("inside")
        log.info("outside")
    inside, outside = seen.lines
    assert (inside["request"], inside["connection"]) == ("0123456789", "c1")
    assert "job" not in inside
    assert not {"request", "connection"} & set(outside)


def test_a_line_for_people_stays_one_line() -> None:
    """Whatever a value holds."""
    with written("text") as seen:
        log.warning("odd host=%s", 'a "quoted"\nline')
    (line,) = seen.text.splitlines()
    assert re.search(r" warning web\[\d+\] odd host=", line)
    assert line.endswith(r'host="a \"quoted\"\nline"')


def test_a_sentence_with_values_in_it_stays_a_sentence() -> None:
    with written("json") as seen:
        log.info("%d of %d done, left=%d", 1, 3, 2)
    assert seen.lines[0]["event"] == "1 of 3 done, left=2"


def test_an_exception_is_told_by_type_and_place() -> None:
    """Its message and its frames may hold anything."""
    with written("json") as seen:
        try:
            raise ValueError("a secret subject")
        except ValueError:
            log.exception("it broke")
    assert "secret" not in seen.text
    assert seen.lines[0]["error"].startswith("ValueError (test_logs.py:")


def test_libraries_are_not_heard() -> None:
    """They log what they send."""
    with written("json") as seen:
        logging.getLogger("exchangelib.protocol").error("Authorization: Basic c2VjcmV0")
    assert seen.text == ""


@pytest.mark.parametrize(
    "given", ["short", "with blank 123", "line\nbreak12", "x" * 65, "ünicode-1"]
)
def test_an_id_that_is_not_plain_is_not_taken_over(given: str) -> None:
    assert not logs.is_plain(given)


def test_a_format_that_is_none_ends_the_start(tmp_path: object) -> None:
    with pytest.raises(SettingsError, match="ANDOCK_LOG: expected text or json, not 'xml'"):
        load({"ANDOCK_HOME": str(tmp_path), "ANDOCK_LOG": "xml"})
