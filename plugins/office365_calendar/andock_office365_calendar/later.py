"""What can be switched on only after another consent: offered by a name of its own until then.

Access is asked for step by step, so at first nobody knows the folders of contacts and the lists of
tasks. Whoever chooses one of these names is led to Microsoft once more (`MoreAccess`); afterwards
the real ones are offered, the default one chosen.
"""

from collections.abc import Sequence

from andock_sdk import Answers, Collection
from andock_sdk.standard import CONTACTS, TASKS_LIST

_CONTACTS, _TASKS = "later:contacts", "later:tasks"
_OFFERED = (
    Collection(ref=_CONTACTS, name="Outlook", kind="contacts", default=True),
    Collection(ref=_TASKS, name="Microsoft To Do", kind="tasks", default=True),
)


def offered(found: Sequence[Collection]) -> list[Collection]:
    """Names for the kinds of collections that the grant does not reach yet."""
    reached = {one.kind for one in found}
    return [one for one in _OFFERED if one.kind not in reached]


def settled(settings: Answers, found: Sequence[Collection]) -> Answers:
    """Settings with the default folder or list in the place of such a name, once it is known."""
    known = {one.kind: one.ref for one in found if one.default}
    names = {CONTACTS: (_CONTACTS, "contacts"), TASKS_LIST: (_TASKS, "tasks")}
    made = dict(settings)
    for name, (placeholder, kind) in names.items():
        if made.get(name) == placeholder and kind in known:
            made[name] = known[kind]
    return made
