"""Checks what plugins return: a type hint alone holds nobody to anything."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from andock_core.host.cleaning import cleaned
from andock_sdk import (
    Diagnosis,
    Discovered,
    FieldErrors,
    Form,
    Grant,
    HookAnswer,
    Redirect,
    Report,
    Step,
    SyncJob,
    TestReport,
)
from andock_sdk.errors import AndockError, PluginBug, Throttled

Model = TypeVar("Model", bound=BaseModel)

RESULTS: dict[str, tuple[type[BaseModel], ...]] = {
    "authorize": (Grant, FieldErrors, Redirect),
    "authorized": (Grant,),
    "discover": (Discovered,),
    "test": (TestReport,),
    "diagnose": (Diagnosis,),
    "settings_form": (Form,),
    "webhook": (HookAnswer,),
}
OPTIONAL = ("diagnose", "discover", "settings_form")
"""Hooks that may answer None: there is nothing to search, nothing to set."""
KEY = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")
KEY_LENGTH = 80


def checked(hook: str, result: Any) -> Any:
    """The result of a hook, its content validated. Raises PluginBug."""
    if hook == "sync_jobs":
        return many(SyncJob, result, hook)
    if result is None and hook in OPTIONAL:
        return None
    found = one(RESULTS[hook], result, hook)
    return cleaned(found) if isinstance(found, Form) else found


def one(types: tuple[type[Model], ...], result: Any, what: str) -> Model:
    """A result of one of the types, validated anew: a model can be made without validation."""
    for expected in types:
        if isinstance(result, expected):
            try:
                return expected.model_validate(result.model_dump(warnings=False))
            except (ValidationError, AttributeError, ValueError, TypeError) as error:
                raise PluginBug(detail=f"{what}: {expected.__name__} with faults") from error
    raise PluginBug(detail=f"{what}: returned {type(result).__name__}")


def many(expected: type[Model], result: Any, what: str) -> list[Model]:
    """A list (or tuple) of results of one type."""
    if not isinstance(result, list | tuple):
        raise PluginBug(detail=f"{what}: returned {type(result).__name__}")
    return [one((expected,), item, what) for item in result]


def check_error(error: AndockError) -> None:
    """Raises PluginBug when an error of the tree is not as the tree says."""
    key: Any = error.key
    if not isinstance(key, str) or len(key) > KEY_LENGTH or not KEY.fullmatch(key):
        raise PluginBug(detail="an error with an unusable key") from error
    if isinstance(error, Throttled):
        until: Any = error.until
        aware = isinstance(until, datetime) and until.tzinfo is not None
        if until is not None and not aware:
            raise PluginBug(detail="throttled until a time without zone") from error


def checked_report(report: Report) -> Callable[[Any], None]:
    """Steps that a plugin reports, checked before they reach a page."""

    def hand_on(step: Any) -> None:
        report(cleaned(one((Step,), step, "report")))

    return hand_on
