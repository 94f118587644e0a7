"""The settings of the old side, as answers to the new side's form. Pure.

Nothing is known of either plugin: an answer goes to the field of the same name, and the collections
in it are replaced by those that take over. What is built with `andock_sdk.standard` has the same
names everywhere.
"""

from collections.abc import Mapping

from andock_sdk import Answers, Choice, Field, Form


def offered(form: Form, settings: Answers, ref: str) -> tuple[Choice, ...]:
    """What on the new side may take over from the collection `ref` of the old one: the choices of
    each field that answered with it, in their order. An import alone may be read-only there."""
    fields = [field for field in form.fields if ref in _said(settings.get(field.name))]
    if not fields:
        return ()
    allowed = [{c.value for c in field.choices if c.value and not c.disabled} for field in fields]
    everywhere = set.intersection(*allowed)
    return tuple(choice for choice in fields[0].choices if choice.value in everywhere)


def default(form: Form, settings: Answers, ref: str) -> str:
    """What the new side's form proposes by itself where the old side's answer was `ref`."""
    for field in form.fields:
        if settings.get(field.name) == ref and isinstance(field.value, str) and field.value:
            return field.value
    return ""


def answers(form: Form, settings: Answers, taken: Mapping[str, str]) -> Answers:
    """The new side's answers; `taken`: old ref → new ref. What nothing takes over from is left out,
    what the old side was not asked keeps the form's own value, but chooses no collection."""
    return {field.name: _answer(field, settings, taken) for field in form.fields}


def _answer(field: Field, settings: Answers, taken: Mapping[str, str]) -> str | bool | list[str]:
    given = settings.get(field.name)
    if field.kind == "switch":
        return bool(field.value if given is None else given)
    if field.kind == "choices":
        return list(dict.fromkeys(taken[ref] for ref in _said(given) if ref in taken))
    if field.kind == "choice":
        return _choice(field, given, taken)
    return str((field.value if given is None else given) or "")


def _choice(field: Field, given: object, taken: Mapping[str, str]) -> str:
    if isinstance(given, str) and given in taken:
        return taken[given]
    values = [choice.value for choice in field.choices]
    if isinstance(given, str) and given in values:
        return given
    return "" if "" in values or not field.required else str(field.value or "")


def _said(answer: object) -> tuple[str, ...]:
    if isinstance(answer, str):
        return (answer,) if answer else ()
    return tuple(map(str, answer)) if isinstance(answer, list | tuple) else ()
