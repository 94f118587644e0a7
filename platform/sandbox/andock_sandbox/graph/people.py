"""The owner, their mailbox's settings, and ids of one kind told as another."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from ..errors import EwsError
from ..model import Item, Json
from . import bodies, clock, odata
from .context import Answer, Call
from .errors import GraphError, bad_property
from .ids import missing

_KINDS = ("ewsId", "restId", "restImmutableEntryId")
_ITEMS = ("CalendarItem", "Contact", "Task", "Message")


def me(call: Call) -> Answer:
    """The owner of the mailbox."""
    account = call.state.account
    first, _, last = account.name.partition(" ")
    made = odata.select(
        {
            "id": call.owner,
            "displayName": account.name,
            "givenName": first or None,
            "surname": last or None,
            "mail": account.email,
            "userPrincipalName": account.email,
            "preferredLanguage": "de-DE" if account.language == "de" else "en-US",
            "jobTitle": None,
            "mobilePhone": None,
            "officeLocation": None,
            "businessPhones": [],
        },
        call.query.select,
    )
    context = {"@odata.context": f"{call.root}/$metadata#users/$entity"}
    return Answer(200, {**context, **made}, kind="user")


def settings(call: Call) -> Answer:
    """The zone, the language and the working hours of the mailbox."""
    account = call.state.account
    german = account.language == "de"
    days = ["monday", "tuesday", "wednesday", "thursday", "friday"]
    made = {
        "@odata.context": call.context("mailboxSettings"),
        "timeZone": account.zone,
        "dateFormat": "dd.MM.yyyy" if german else "M/d/yyyy",
        "timeFormat": "HH:mm" if german else "h:mm tt",
        "userPurpose": "user",
        "language": {
            "locale": "de-DE" if german else "en-US",
            "displayName": "Deutsch (Deutschland)" if german else "English (United States)",
        },
        "workingHours": {
            "daysOfWeek": days,
            "startTime": "08:00:00.0000000",
            "endTime": "17:00:00.0000000",
            "timeZone": {"name": account.zone},
        },
    }
    return Answer(200, odata.select(made, call.query.select), kind="mailboxSettings")


def time_zone(call: Call) -> Answer:
    """The zone of the mailbox alone."""
    context = call.context("mailboxSettings/timeZone")
    return Answer(
        200, {"@odata.context": context, "value": clock.original(call.state.account.zone)}
    )


def translate_ids(call: Call) -> Answer:
    """Ids of EWS, Graph's own and immutable ones, each as another kind. What cannot be translated
    is left out, as Graph does it."""
    given = {key.lower(): value for key, value in call.body.items()}
    source = bodies.choice("sourceIdType", given.get("sourceidtype"), _KINDS)
    target = bodies.choice("targetIdType", given.get("targetidtype"), _KINDS)
    texts = given.get("inputids")
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise bad_property("inputIds")
    made = []
    for text in texts:
        try:
            item, original = _find(call, text, source)
        except (GraphError, EwsError):
            continue
        made.append({"sourceId": text, "targetId": _WRITERS[target](call, item, original)})
    context = f"{call.root}/$metadata#Collection(microsoft.graph.convertIdResult)"
    return Answer(200, {"@odata.context": context, "value": made})


def _find(call: Call, text: str, source: str) -> tuple[Item, str | None]:
    if source == "ewsId":
        ref = call.state.ids.decode(text)
        return call.state.item(ref), ref.original
    for kind in _ITEMS:
        with suppress(GraphError):
            return call.ids.find_item(text, kind)
    raise missing()


_WRITERS: dict[str, Callable[[Call, Item, str | None], Json]] = {
    "ewsId": lambda call, item, original: call.state.ids.item(item.num, original),
    "restId": lambda call, item, original: call.ids.regular(item, original),
    "restImmutableEntryId": lambda call, item, original: call.ids.immutable(item, original),
}
