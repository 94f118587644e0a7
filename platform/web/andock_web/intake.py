"""What comes in with a request, before any page sees it: texts that a database can hold.

In JSON, characters that no keyboard makes and no database keeps are taken out of every text: NUL
and other controls, halves of surrogate pairs. In addresses and forms they are refused: no browser
puts them there.
"""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, request
from flask.json.provider import DefaultJSONProvider

_ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_REFUSED = re.compile("[\x00\ud800-\udfff]")

_RAW = "andock_raw"
View = TypeVar("View", bound=Callable[..., Any])


class CleanJSON(DefaultJSONProvider):
    """JSON without odd characters. What is nested too deeply is no JSON of ours."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Raises ValueError."""
        try:
            return _cleaned(super().loads(s, **kwargs))
        except RecursionError as error:
            raise ValueError("nested too deeply") from error


def init_app(app: Flask) -> None:
    """Look at every request."""
    app.json = CleanJSON(app)
    app.before_request(_refuse_odd)


def raw(view: View) -> View:
    """Mark a view that takes the body as it came, whatever it is."""
    setattr(view, _RAW, True)
    return view


def _refuse_odd() -> None:
    texts = [request.path, *request.args, *request.args.values()]
    view = current_app.view_functions.get(request.endpoint or "")
    form = not hasattr(view, _RAW)  # reading it as a form uses the body up
    if form and request.mimetype in ("application/x-www-form-urlencoded", "multipart/form-data"):
        texts += [*request.form, *(each for held in request.form.listvalues() for each in held)]
    if any(_REFUSED.search(text) for text in texts):
        abort(400)


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return _ODD.sub("", value)
    if isinstance(value, list):
        return [_cleaned(each) for each in value]
    if isinstance(value, dict):
        return {_cleaned(name): _cleaned(each) for name, each in value.items()}
    return value
