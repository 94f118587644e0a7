"""GetUserConfiguration and GetUserPhoto: what clients such as DavMail ask on their way."""

from __future__ import annotations

from .. import soap
from ..errors import EwsError
from ..soap import Element, add, child
from .context import Call, find_folder, reporting

# What Outlook on the web keeps about its user; the time zone is what other clients look for.
_OPTIONS = "OWA.UserOptions"


def get_user_configuration(call: Call) -> Element:
    """The options of Outlook on the web; no other configuration exists."""
    root, messages = soap.message_root("GetUserConfiguration")
    named = call.need("UserConfigurationName")
    with reporting(messages, "GetUserConfiguration"):
        folder = find_folder(call, named[0])
        if named.get("Name") != _OPTIONS or folder.distinguished not in ("root", "msgfolderroot"):
            raise EwsError("ErrorItemNotFound")
        message = soap.success(messages, "GetUserConfiguration")
        made = add(message, "m:UserConfiguration")
        name = add(made, "t:UserConfigurationName", Name=_OPTIONS)
        known = call.state.ids.folder(folder.num)
        add(name, "t:FolderId", Id=known)
        holder = add(made, "t:Dictionary")
        options = {"timezone": call.state.account.zone, "timeformat": "HH:mm"}
        for key, value in options.items():
            entry = add(holder, "t:DictionaryEntry")
            for tag, text in (("t:DictionaryKey", key), ("t:DictionaryValue", value)):
                typed = add(entry, tag)
                add(typed, "t:Type", "String")
                add(typed, "t:Value", text)
    return root


def get_user_photo(call: Call) -> Element:
    """Nobody has a photo in the directory: Exchange answers so."""
    if child(call.request, "Email") is None:
        raise EwsError("ErrorInvalidSmtpAddress")
    raise EwsError("ErrorItemNotFound")
