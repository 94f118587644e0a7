"""What a notice says. Each area adds the kinds that it tells."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from flask import Flask, current_app
from flask_babel import gettext as _

_KEY = "andock_notices"


@dataclass(frozen=True)
class Told:
    """A notice in the reader's language. `text` may quote somebody and is shown as plain text.
    `href` leads to what it is about, `act` says what one does there; both may be empty."""

    title: str
    text: str = ""
    href: str = ""
    act: str = ""


Describe = Callable[[Mapping[str, Any]], Told]


def add_kind(app: Flask, kind: str, describe: Describe) -> None:
    """Say what notices of a kind say: `describe` makes words of their facts, in a request."""
    _kinds(app)[kind] = describe


def told(kind: str, facts: Mapping[str, Any]) -> Told:
    """The words of a notice; general ones for a kind that nobody has words for any more."""
    describe = _kinds(current_app).get(kind)
    return describe(facts) if describe else Told(str(_("Something changed.")))


def _kinds(app: Flask) -> dict[str, Describe]:
    return cast(dict[str, Describe], app.extensions.setdefault(_KEY, {}))
