"""Contacts and their folders: list, read, create, change, delete, photo, delta."""

from __future__ import annotations

import base64

from .. import attachments, entries
from ..errors import EwsError
from ..model import Folder, Item, Json
from ..views import of_item
from . import bodies, contact_fields, delta, extended, odata, paging
from .context import Answer, Call
from .errors import GraphError, of_store
from .ids import missing

_FOLDER_TABLE = {"id": "-", "parentFolderId": "-", "displayName": "string"}


def folder_of(call: Call) -> Folder:
    """The folder that the path names; the default one when it names none. GraphError."""
    if call.parts:
        return call.folder(call.parts[0], "ContactsFolder")
    return call.state.distinguished("contacts")


def list_all(call: Call) -> Answer:
    """The contacts of a folder."""
    return _page(call, folder_of(call))


def _page(call: Call, folder: Folder) -> Answer:
    found = [item for item in call.state.live(folder.num) if item.kind == "Contact"]
    if call.query.filter or call.query.orderby:
        by_id = {call.ids.item(item): item for item in found}

        def look(made: Json, known: str) -> Json:
            return extended.value_of(call.state, of_item(by_id[made["id"]]), known)

        whole = [contact_fields.full(call, of_item(item)) for item in found]
        found = [by_id[made["id"]] for made in odata.arrange(whole, call.query, look)]
    return paging.page(
        call, found, lambda one: contact_fields.contact(call, one), "contacts", "contact"
    )


def contact_of(call: Call) -> Item:
    """The contact that the path names last. GraphError."""
    return call.item(call.parts[-1], "Contact")[0]


def get(call: Call) -> Answer:
    """One contact."""
    return _one(call, contact_of(call))


def _one(call: Call, item: Item, status: int = 200) -> Answer:
    content = {
        "@odata.context": call.context("contacts", one=True),
        **contact_fields.contact(call, item),
    }
    return Answer(status, content, (("ETag", call.etag(item.version)),), "contact")


def create(call: Call) -> Answer:
    """A new contact."""
    folder = folder_of(call)
    props, held, _ = contact_fields.read(call, None)
    entries.complete_common(props, reminder=False)
    entries.complete_contact(props)
    return _one(call, call.state.new_item(folder.num, "Contact", props, held), 201)


def update(call: Call) -> Answer:
    """Change a contact."""
    item = contact_of(call)
    call.check_match(item.version)
    props, held, removed = contact_fields.read(call, item)
    item.props = {
        key: value for key, value in {**item.props, **props}.items() if key not in removed
    }
    item.extended = {
        key: value for key, value in {**item.extended, **held}.items() if key not in removed
    }
    entries.follow_names(item.props, props)
    call.state.change(item, [*props, *held, *removed])
    return _one(call, item)


def delete(call: Call) -> Answer:
    """Delete a contact."""
    item = contact_of(call)
    call.check_match(item.version)
    call.state.move(item, call.state.distinguished("deleteditems").num)
    return Answer(204)


def changes(call: Call) -> Answer:
    """Contacts of a folder that have changed."""
    return delta.of_folder(
        call,
        folder_of(call),
        "Contact",
        lambda item: contact_fields.full(call, of_item(item)),
        "contacts",
        "contact",
    )


# -- folders ---------------------------------------------------------------------------------


def write_folder(call: Call, folder: Folder) -> Json:
    """A folder's properties."""
    made = {
        "id": call.ids.folder(folder.num),
        "parentFolderId": call.ids.folder(folder.parent),
        "displayName": folder.name,
    }
    return odata.select(made, call.query.select)


def list_folders(call: Call) -> Answer:
    """The folders below the default one, or below the one that the path names."""
    found = list(call.state.subfolders(folder_of(call).num))
    kept = [folder for folder in found if folder.kind == "ContactsFolder"]
    path, kind = "contactFolders", "contactFolder"
    return paging.page(call, kept, lambda one: write_folder(call, one), path, kind)


def get_folder(call: Call) -> Answer:
    """One folder; ``contacts`` is the default one."""
    return _one_folder(call, folder_of(call))


def _one_folder(call: Call, folder: Folder, status: int = 200) -> Answer:
    context = {"@odata.context": call.context("contactFolders", one=True)}
    return Answer(status, {**context, **write_folder(call, folder)}, kind="contactFolder")


def create_folder(call: Call) -> Answer:
    """A new folder below the default one, or below the one that the path names."""
    parent = folder_of(call)
    given = bodies.checked(call.body, _FOLDER_TABLE, "contactFolder")
    name = str(bodies.need(given, "displayName", "contactFolder"))
    try:
        made = call.state.new_folder(parent.num, "ContactsFolder", name)
    except EwsError as error:
        raise of_store(error) from error
    return _one_folder(call, made, 201)


def update_folder(call: Call) -> Answer:
    """Rename a folder."""
    folder = folder_of(call)
    given = bodies.checked(call.body, _FOLDER_TABLE, "contactFolder")
    if given.get("displayName"):
        folder.name = given["displayName"]
        call.state.change_folder(folder)
    return _one_folder(call, folder)


def delete_folder(call: Call) -> Answer:
    """Delete a folder with all that is in it."""
    folder = folder_of(call)
    if folder.distinguished:
        raise GraphError(
            400, "ErrorDeleteDistinguishedFolder", "Distinguished folders cannot be deleted."
        )
    call.state.remove_folder(folder)
    return Answer(204)


def folder_changes(call: Call) -> Answer:
    """Folders of contacts that have changed, the default one included."""
    return delta.of_hierarchy(
        call, "ContactsFolder", lambda one: write_folder(call, one), "contactFolders"
    )


# -- the photo -------------------------------------------------------------------------------


def get_photo(call: Call) -> Answer:
    """The bytes of a contact's picture."""
    for held in contact_of(call).attachments:
        if held["IsContactPhoto"]:
            kind = held["ContentType"] or "image/jpeg"
            return Answer(200, raw=(base64.b64decode(held["Content"]), kind))
    raise GraphError(404, "ImageNotFound", "The photo wasn't found.")


def put_photo(call: Call) -> Answer:
    """Give a contact a picture."""
    item = contact_of(call)
    kind = call.request.headers.get("content-type", "")
    if not kind.startswith("image/") or not call.request.body:
        raise GraphError(400, "ErrorInvalidImageFormat", "The image is missing or of another kind.")
    _drop_photo(call, item)
    made = attachments.make("ContactPicture.jpg", call.request.body, kind, photo=True)
    attachments.attach(call.state, item, made)
    return Answer(200)


def delete_photo(call: Call) -> Answer:
    """Take the picture away."""
    item = contact_of(call)
    if not _drop_photo(call, item):
        raise missing()
    return Answer(204)


def _drop_photo(call: Call, item: Item) -> bool:
    found = [held["num"] for held in item.attachments if held["IsContactPhoto"]]
    for num in found:
        attachments.detach(call.state, item, num)
    return bool(found)
