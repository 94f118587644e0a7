"""The harness for lists of Microsoft To Do: the same mailbox, Anna's hands are another app's."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from andock_office365_calendar import sign_in
from andock_sandbox import Mailbox, Sandbox
from andock_sandbox.identity import App
from andock_sandbox.server import SandboxServer
from andock_sdk import Answers, Context, Form, Grant, Item, Task
from andock_sdk.connector import CollectionKind
from andock_sdk.contract import Call, Cannot, Fault, Seen
from tests.exchange_calendar.harness import PATIENCE
from tests.exchange_calendar.surroundings import EMAIL
from tests.office365_calendar.harness import KINDS, OPERATIONS as OF_EVENTS, Office365Harness
from tests.sandbox.graph_client import REDIRECT, Browser, Graph, sign_in as by_msal

WANTED: Answers = {"tasks_on": True, "tasks_list": "later:tasks"}
OPERATIONS: dict[Call, str] = {
    **OF_EVENTS,
    "collections": "lists.list",
    "changes": "tasks.delta",
    "create": "task.create",
    "update": "task.update",
    "delete": "task.delete",
    "find_operation": "tasks.list",
}


class Office365TasksHarness(Office365Harness):
    """Tasks in the list that everybody has."""

    kind: CollectionKind | None = "tasks"
    lacks = frozenset({"due_time"})

    def __init__(
        self, box: Sandbox, anna: Mailbox, server: SandboxServer, ca_file: Path, app: App
    ) -> None:
        super().__init__(box, anna, server, ca_file, app)
        other = box.directory.register("Another app", [REDIRECT])
        tokens = by_msal(server, other, ["Tasks.ReadWrite"], EMAIL)
        self._graph = Graph(server, tokens["access_token"])
        self._lists: dict[str, str] = {}

    def grant(self, context: Context) -> Grant:
        """Anna signs in and agrees to tasks as well."""
        led = sign_in.begin(context, EMAIL, WANTED)
        page = Browser(self._server).consent(led.url, EMAIL)
        return sign_in.finish(context, page.target, led.memory)

    def bad_grant(self, context: Context) -> Grant:
        """Tokens that nobody ever issued."""
        made = super().bad_grant(context)
        return made.model_copy(update={"facts": {"scopes": "Calendars.ReadWrite Tasks.ReadWrite"}})

    def settings(self, proposed: Answers, form: Form | None) -> Answers:
        """Her tasks go to To Do."""
        asked = {one.name: one for one in (form.fields if form else ())}
        lists = asked["tasks_list"].choices if "tasks_list" in asked else ()
        chosen = next((one.value for one in lists if one.value and not one.disabled), "")
        return {**proposed, "tasks_on": True, "tasks_list": chosen}

    def put(self, collection: str, item: Item) -> str:
        """Anna makes a task with another app."""
        made = self._graph.do("POST", _tasks(collection), _properties(item))
        self._lists[made["id"]] = collection
        return str(made["id"])

    def edit(self, ref: str, item: Item) -> None:
        """She changes it."""
        self._graph.do("PATCH", self._path(ref), _properties(item))

    def remove(self, ref: str) -> None:
        """She deletes it."""
        self._graph.do("DELETE", self._path(ref))

    def look(self, collection: str) -> list[Seen]:
        """What To Do shows."""
        found, _ = self._graph.walk(_tasks(collection))
        for one in found:
            self._lists[one["id"]] = collection
        return [Seen(one["title"]) for one in found]

    def mark(self, ref: str) -> None:
        """Importance, which Andock does not know."""
        self._graph.do("PATCH", self._path(ref), {"importance": "high"})

    def is_marked(self, ref: str) -> bool:
        """Whether it is still high."""
        return bool(self._graph.get(self._path(ref))["importance"] == "high")

    def fail(self, call: Call, fault: Fault) -> None:
        """The next such request."""
        self.box.fail_next(
            OPERATIONS[call],
            KINDS[fault],
            retry_after="60" if fault == "throttled" else None,
            seconds=2 * PATIENCE if fault == "hanging" else 0,
        )

    def writes(self) -> int:
        """All requests that write."""
        names = ("task.create", "task.update", "task.delete")
        return sum(self.counting.asked[name] for name in names)

    def spoil(self, collection: str) -> None:
        """A rule for entries alone."""
        raise Cannot("spoil a task")

    def _path(self, ref: str) -> str:
        collection = self._lists.get(ref)
        if collection is None:  # one that the connector made
            lists = self._graph.get("/me/todo/lists")["value"]
            for one in lists:
                self.look(one["id"])
            collection = self._lists[ref]
        return f"{_tasks(collection)}/{quote(ref, safe='')}"


def _tasks(collection: str) -> str:
    return f"/me/todo/lists/{quote(collection, safe='')}/tasks"


def _properties(item: Item) -> dict[str, Any]:
    if not isinstance(item, Task):
        raise Cannot("make anything but a task")
    due = {"dateTime": f"{item.due_day}T00:00:00", "timeZone": "UTC"} if item.due_day else None
    return {
        "title": item.subject,
        "body": {"contentType": "text", "content": item.body.content},
        "status": "completed" if item.done else "notStarted",
        "dueDateTime": due,
    }
