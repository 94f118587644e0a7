"""Microsoft To Do: lists are folders of tasks, and what EWS calls tasks lies in them."""

from __future__ import annotations

from .. import entries, tasks
from ..errors import EwsError
from ..model import Folder, Item, Json
from . import bodies, delta, odata, paging, todo_fields
from .context import Answer, Call
from .errors import GraphError, of_store
from .ids import missing

_LIST_TABLE = {
    "id": "-",
    "isOwner": "-",
    "isShared": "-",
    "wellknownListName": "-",
    "displayName": "string",
}


def list_of(call: Call) -> Folder:
    """The list that the path names. GraphError."""
    return call.folder(call.parts[0], "TasksFolder")


def write_list(call: Call, folder: Folder) -> Json:
    """A list's properties."""
    default = folder.distinguished == "tasks"
    made = {
        "@odata.etag": call.etag(folder.history[-1]),
        "id": call.ids.folder(folder.num),
        "displayName": folder.name,
        "isOwner": True,
        "isShared": False,
        "wellknownListName": "defaultList" if default else "none",
    }
    return odata.select(made, call.query.select)


def lists(call: Call) -> Answer:
    """All lists, the default one first."""
    found = [
        folder
        for folder in call.state.folders.values()
        if folder.kind == "TasksFolder" and not folder.gone
    ]
    if call.query.filter:
        by_id = {call.ids.folder(one.num): one for one in found}
        kept = odata.arrange([write_list(call, one) for one in found], call.query)
        found = [by_id[made["id"]] for made in kept]
    path, kind = "todo/lists", "todoTaskList"
    return paging.page(call, found, lambda one: write_list(call, one), path, kind, 100)


def get_list(call: Call) -> Answer:
    """One list."""
    return _one_list(call, list_of(call))


def _one_list(call: Call, folder: Folder, status: int = 200) -> Answer:
    context = {"@odata.context": call.context("todo/lists", one=True)}
    return Answer(status, {**context, **write_list(call, folder)}, kind="todoTaskList")


def create_list(call: Call) -> Answer:
    """A new list."""
    given = bodies.checked(call.body, _LIST_TABLE, "todoTaskList")
    name = str(bodies.need(given, "displayName", "todoTaskList"))
    try:
        parent = call.state.distinguished("tasks").num
        made = call.state.new_folder(parent, "TasksFolder", name)
    except EwsError as error:
        raise of_store(error) from error
    return _one_list(call, made, 201)


def update_list(call: Call) -> Answer:
    """Rename a list."""
    folder = list_of(call)
    _keep_default(folder)
    given = bodies.checked(call.body, _LIST_TABLE, "todoTaskList")
    if given.get("displayName"):
        folder.name = given["displayName"]
        call.state.change_folder(folder)
    return _one_list(call, folder)


def delete_list(call: Call) -> Answer:
    """Delete a list with its tasks."""
    folder = list_of(call)
    _keep_default(folder)
    call.state.remove_folder(folder)
    return Answer(204)


def _keep_default(folder: Folder) -> None:
    if folder.distinguished:
        raise GraphError(
            400, "invalidRequest", "Built-in lists can neither be renamed nor deleted."
        )


def list_changes(call: Call) -> Answer:
    """Lists that have changed."""
    return delta.of_hierarchy(call, "TasksFolder", lambda one: write_list(call, one), "lists")


# -- tasks -----------------------------------------------------------------------------------


def task_of(call: Call) -> Item:
    """The task that the path names last, in its list. GraphError."""
    folder, (item, _) = list_of(call), call.item(call.parts[1], "Task")
    if item.folder != folder.num:
        raise missing()
    return item


def list_all(call: Call) -> Answer:
    """The tasks of a list."""
    found = [item for item in call.state.live(list_of(call).num) if item.kind == "Task"]
    if call.query.filter or call.query.orderby:
        by_id = {call.ids.item(item): item for item in found}
        whole = [todo_fields.full(call, item) for item in found]
        found = [by_id[made["id"]] for made in odata.arrange(whole, call.query)]
    return paging.page(
        call, found, lambda one: todo_fields.task(call, one), "todo/lists/tasks", "todoTask", 100
    )


def get(call: Call) -> Answer:
    """One task."""
    return _one(call, task_of(call))


def _one(call: Call, item: Item, status: int = 200) -> Answer:
    context = {"@odata.context": call.context("todo/lists/tasks", one=True)}
    made = {**context, **todo_fields.task(call, item)}
    return Answer(status, made, (("ETag", call.etag(item.version)),), "todoTask")


def create(call: Call) -> Answer:
    """A new task."""
    folder = list_of(call)
    props, held, _ = todo_fields.read(call, None)
    entries.complete_common(props, reminder=False)
    entries.complete_task(props)
    return _one(call, call.state.new_item(folder.num, "Task", props, held), 201)


def update(call: Call) -> Answer:
    """Change a task; finishing a recurring one brings up the next."""
    item = task_of(call)
    call.check_match(item.version)
    props, held, removed = todo_fields.read(call, item)
    item.props = {
        key: value for key, value in {**item.props, **props}.items() if key not in removed
    }
    item.extended = {**item.extended, **held}
    entries.complete_task(item.props)
    if "Subject" in props:
        item.props["Subject"] = props["Subject"]
    if item.props["Status"] == "Completed" and item.props.get("Recurrence"):
        tasks.finish(call.state, item)
    call.state.change(item, [*props, *held, *removed])
    return _one(call, item)


def delete(call: Call) -> Answer:
    """Delete a task."""
    item = task_of(call)
    call.check_match(item.version)
    call.state.move(item, call.state.distinguished("deleteditems").num)
    return Answer(204)


def changes(call: Call) -> Answer:
    """Tasks of a list that have changed."""
    return delta.of_folder(
        call,
        list_of(call),
        "Task",
        lambda item: todo_fields.full(call, item),
        "todo/lists/tasks",
        "todoTask",
    )


def linked(call: Call) -> Answer:
    """The linked resources of a task."""
    held = todo_fields.linked(task_of(call))
    return Answer(200, {"value": held}, kind="linkedResource", many=True)


def add_linked(call: Call) -> Answer:
    """A further linked resource."""
    item = task_of(call)
    made = todo_fields.read_linked(call.body)
    stored = [*todo_fields.linked(item), made]
    item.extended[todo_fields.LINKED] = {"uri": {}, "value": stored}
    call.state.change(item, [todo_fields.LINKED])
    return Answer(201, made, kind="linkedResource")
