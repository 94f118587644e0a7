"""How a line of a log is made: fields out of words, then JSON or a line for people."""

import json as javascript
import logging
import os
import re
from collections.abc import Callable
from typing import Any

import structlog
from structlog.contextvars import merge_contextvars
from structlog.typing import EventDict, WrappedLogger

from andock_core.host.faults import describe

LONGEST = 500
"""Characters of one value."""

_PAIR = re.compile(r"(?<!\S)(\w+)=(%[-#0 +]*\d*(?:\.\d+)?[srdfg])(?!\S)")
_SPECIFIER = re.compile(r"%[^%]")
_BARE = re.compile(r"[^\s\"'=]+")
FIRST = ("time", "level", "process", "pid", "event")


def formatter(process: str, *, json: bool) -> logging.Formatter:
    """Formats the records of the standard library's loggers."""
    render = structlog.processors.JSONRenderer(ensure_ascii=False) if json else _for_people
    return structlog.stdlib.ProcessorFormatter(
        pass_foreign_args=True,
        foreign_pre_chain=[
            _fields,
            merge_contextvars,
            _place_only,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            _by(process),
        ],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _in_order, render],
    )


def _fields(_logger: WrappedLogger, _name: str, line: EventDict) -> EventDict:
    """ "job done task=%s seconds=%.2f" with its two values: event "job done" and two fields.

    A template that also has values in other places stays one sentence.
    """
    values = line.pop("positional_args", ())
    template = str(line["_record"].msg)
    pairs = _PAIR.findall(template)
    if not isinstance(values, tuple) or not len(pairs) == len(values) > 0:
        return line
    if len(_SPECIFIER.findall(template)) != len(pairs):
        return line
    line["event"] = " ".join(_PAIR.sub("", template).split()) or pairs[0][0]
    for (name, how), value in zip(pairs, values, strict=True):
        line[name] = _value(how, value)
    return line


def _value(how: str, value: object) -> str | int | float | bool | None:
    if isinstance(value, bool | int | None):
        return value
    if isinstance(value, float):
        return float(how % value) if how[-1] in "fg" else value
    return str(value)[:LONGEST]


def _place_only(_logger: WrappedLogger, _name: str, line: EventDict) -> EventDict:
    """An exception as its type and where it was raised; no stack, it shows source lines."""
    fault = line.pop("exc_info", None)
    line.pop("stack_info", None)
    if fault and fault[1] is not None:
        line["error"] = describe(fault[1])
    return line


def _by(process: str) -> Callable[[WrappedLogger, str, EventDict], EventDict]:
    def name(_logger: WrappedLogger, _name: str, line: EventDict) -> EventDict:
        line["process"], line["pid"] = process, os.getpid()
        return line

    return name


def _in_order(_logger: WrappedLogger, _name: str, line: EventDict) -> EventDict:
    return {**{name: line[name] for name in FIRST}, **line}


def _for_people(_logger: WrappedLogger, _name: str, line: EventDict) -> str:
    """One line: time, level, process, what happened, then the fields."""
    time, level, process, pid, event = (line.pop(name) for name in FIRST)
    said = javascript.dumps(event, ensure_ascii=False)[1:-1].replace('\\"', '"')
    pairs = [f"{name}={_shown(value)}" for name, value in line.items()]
    return " ".join((str(time), f"{level:<7}", f"{process}[{pid}]", said, *pairs))


def _shown(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if _BARE.fullmatch(text) else javascript.dumps(text, ensure_ascii=False)
