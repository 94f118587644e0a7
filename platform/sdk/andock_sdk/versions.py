"""Which contract between plugins and Andock this SDK speaks, and how a plugin says what it needs.

The contract has a version of its own, apart from the package's: `major.minor`. The package's major
number is the contract's, so `andock-sdk>=1,<2` in a plugin's metadata asks for contract 1. A plugin
that uses something of a later minor version says so by an attribute of its integration object:
`contract = "1.2"`. Both are checked when the plugin is loaded, before any of its hooks is called.

A hook or a field that is to go is deprecated for at least one minor version first: it works, and
warns with `AndockDeprecation`. The warnings stand on `andock plugins check`.
"""

import warnings
from collections.abc import Iterator

from pydantic import BaseModel

CONTRACT = "1.0"
"""The contract that this SDK speaks, major.minor."""


class AndockDeprecation(DeprecationWarning):
    """Something of the contract that works now and will be gone in the next major version.

    A hook is deprecated by `hookspec(warn_on_impl=AndockDeprecation(...))`, a field by
    `pydantic.Field(deprecated="...")`, anything else by `deprecated`.
    """


def deprecated(what: str, since: str, instead: str) -> None:
    """Warn the caller's caller. `since` is a contract version, `instead` says what to do."""
    text = f"{what} is deprecated since contract {since}: {instead}"
    warnings.warn(text, AndockDeprecation, stacklevel=3)


def deprecated_fields(model: BaseModel) -> Iterator[str]:
    """What a filled-in model uses that is deprecated, as sentences; models inside it too."""
    for name in sorted(model.model_fields_set):
        field = type(model).model_fields.get(name)
        if field is not None and field.deprecated:
            why = field.deprecated if isinstance(field.deprecated, str) else "it will go"
            yield f"{type(model).__name__}.{name} is deprecated: {why}"
        yield from _inside(model.__dict__.get(name))


def _inside(value: object) -> Iterator[str]:
    if isinstance(value, BaseModel):
        yield from deprecated_fields(value)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _inside(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _inside(each)
