"""How the integration presents itself, and what it asks for."""

from collections.abc import Iterator

import pluggy
from pydantic import BaseModel

from andock_sdk import errors, icon
from andock_sdk.contract.case import Case
from andock_sdk.contract.rules import Broken, expect, rule
from andock_sdk.forms import FieldErrors
from andock_sdk.hookspecs import Redirect
from andock_sdk.network_messages import NETWORK
from andock_sdk.text import Text

REQUIRED = ("describe", "authorize", "test", "sync_jobs")
WORDED = frozenset(
    {
        "unexpected",
        "field.required",
        "contacts.no_folder",
        "planning.no_calendar",
        *NETWORK,
        *(found.default_key for found in vars(errors).values() if hasattr(found, "default_key")),
    }
)
"""Keys that Andock itself has words for."""


@rule("bronze")
def hooks_fit(case: Case) -> None:
    """The plugin's hooks are those of the contract, with its arguments.

    A hook that is misspelled, or takes an argument of another name, is refused when Andock starts.
    """
    try:
        manager = case.register()
    except pluggy.PluginValidationError as error:
        raise Broken(f"pluggy refuses the hooks: {error}") from error
    there = {
        caller.name for plugin in manager.get_plugins() for caller in _callers(manager, plugin)
    }
    missing = [name for name in REQUIRED if name not in there]
    expect(not missing, f"hooks are missing: {', '.join(missing)}")


@rule("bronze")
def describe_valid(case: Case) -> None:
    """`describe` gives a valid listing, the same each time, without calling anybody.

    It runs at every start, before anyone has connected.
    """
    first = case.listing()
    expect(first == case.listing(), "two calls of describe give two different listings")
    expect(first.permissions, "the listing names no permission")
    expect(first.categories, "the listing names no category")
    expect(not getattr(case.context.egress, "sockets", []), "describe opens a connection")


@rule("bronze")
def both_languages(case: Case) -> None:
    """All words of the listing stand there in English and in German."""
    for path, text in _texts(case.listing(), "listing"):
        expect(text.en.strip(), f"{path} has no English words")
        expect(text.de.strip(), f"{path} has no German words: {text.en[:60]!r}")


@rule("bronze")
def icon_clean(case: Case) -> None:
    """The icon is a plain SVG drawing without scripts or anything from elsewhere."""
    fault = icon.fault(case.listing().icon)
    expect(not fault, fault)


@rule("bronze")
def passwords_hidden(case: Case) -> None:
    """The form asks for passwords in fields of the kind `password`."""
    form = case.listing().authorize_form
    for asked in form.fields if form else ():
        secret = any(word in asked.name for word in ("password", "secret", "token"))
        expect(not secret or asked.kind == "password", f"the field {asked.name} shows a secret")


@rule("bronze")
def empty_form_refused(case: Case) -> None:
    """An empty form is answered with the fields that are missing, not with a grant.

    `authorize` answers `FieldErrors`; each name is a field of the form, each key has words.
    """
    listing = case.listing()
    if listing.authorize_form is None:
        return
    told = case.call("authorize", context=case.context, answers={}, wanted={})
    if isinstance(told, Redirect) and listing.sign_in_hosts:
        return  # nothing has to be filled in; another rule looks at where it leads
    expect(isinstance(told, FieldErrors), f"authorize gives {type(told).__name__} for no answers")
    names = {asked.name for asked in listing.authorize_form.fields}
    for name, key in told.errors.items():
        expect(name in names, f"the form has no field {name!r}")
        expect(key in listing.messages or key in WORDED, f"the listing has no words for {key!r}")


@rule("bronze")
def errors_worded(case: Case) -> None:
    """Each error key that a member meets has words in the listing, in both languages."""
    listing = case.listing()
    for key, message in listing.messages.items():
        expect(message.title.de and message.advice.de, f"the words for {key!r} are not in German")
    told = case.test(case.bad_grant())
    known = told.error in listing.messages or told.error in WORDED
    expect(known, f"the listing has no words for {told.error!r}")


def _callers(manager: pluggy.PluginManager, plugin: object) -> list[pluggy.HookCaller]:
    return manager.get_hookcallers(plugin) or []


def _texts(value: object, path: str) -> Iterator[tuple[str, Text]]:
    """Every text within a listing, with where it stands."""
    if isinstance(value, Text):
        yield path, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _texts(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from _texts(one, f"{path}[{name}]")
    elif isinstance(value, tuple | list):
        for number, one in enumerate(value):
            yield from _texts(one, f"{path}[{number}]")
