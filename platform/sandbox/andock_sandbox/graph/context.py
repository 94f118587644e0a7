"""What a handler of a Graph request knows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import quote

from ..cloud import GRAPH_VERSION, Request
from ..identity.tokens import Access
from ..ids import change_key
from ..model import Folder, Item, Json
from ..state import MailboxState
from . import clock
from .errors import GraphError, bad_query
from .ids import GraphIds, missing
from .odata import Query

if TYPE_CHECKING:
    from ..sandbox import Sandbox

_PREFERENCE = re.compile(r'\s*([\w.-]+)\s*(?:=\s*(?:"([^"]*)"|([^,;\s]*)))?')
MOST = 999


@dataclass(frozen=True)
class Answer:
    """What a handler gives back: status, JSON (None: no body) and further headers. ``kind`` is
    the type of what the body holds (``event``), with ``many`` of a list of it."""

    status: int = 200
    content: Json = None
    headers: tuple[tuple[str, str], ...] = ()
    kind: str = ""
    many: bool = False
    raw: tuple[bytes, str] | None = None


@dataclass
class Call:
    """One request. ``parts`` are what the path's placeholders stood for."""

    box: Sandbox
    state: MailboxState
    request: Request
    access: Access
    parts: tuple[str, ...] = ()
    applied: list[str] = field(default_factory=list)

    # -- preferences -------------------------------------------------------------------------

    @cached_property
    def _preferences(self) -> dict[str, str]:
        found = {}
        for part in self.request.headers.get("prefer", "").split(","):
            match = _PREFERENCE.match(part)
            if match:
                found[match.group(1).lower()] = match.group(2) or match.group(3) or ""
        return found

    @cached_property
    def ids(self) -> GraphIds:
        """The ids of the mailbox, as the request prefers them."""
        immutable = self._preferences.get("idtype", "").lower() == "immutableid"
        if immutable:
            self.applied.append('IdType="ImmutableId"')
        return GraphIds(self.state, immutable=immutable)

    @cached_property
    def zone_name(self) -> str:
        """The name of the zone that times are given in."""
        wished = self._preferences.get("outlook.timezone", "")
        if not wished:
            return "UTC"
        if clock.find(wished) is None:
            raise clock.unsupported(wished)
        self.applied.append(f'outlook.timezone="{wished}"')
        return wished

    @cached_property
    def zone(self) -> tzinfo:
        """The zone that times are given in."""
        return clock.find(self.zone_name) or UTC

    @cached_property
    def wants_text(self) -> bool:
        """Whether bodies are wanted as plain text."""
        wanted = self._preferences.get("outlook.body-content-type", "").lower() == "text"
        if wanted:
            self.applied.append('outlook.body-content-type="text"')
        return wanted

    def page_size(self, default: int) -> int:
        """How many things go on a page: $top, the preference, or the resource's own number."""
        wished = self._preferences.get("odata.maxpagesize", "")
        if self.query.top is not None:
            return self.query.top
        if wished.isdecimal() and int(wished) > 0:
            self.applied.append(f"odata.maxpagesize={wished}")
            return min(int(wished), MOST)
        return default

    # -- the request -------------------------------------------------------------------------

    @cached_property
    def query(self) -> Query:
        """The query options. GraphError."""
        return Query.read(self.request.query)

    @cached_property
    def body(self) -> dict[str, Json]:
        """The object that was sent. GraphError."""
        if not self.request.body:
            return {}
        try:
            found = json.loads(self.request.body)
        except ValueError as error:
            raise GraphError(
                400, "RequestBodyRead", "The request body is not valid JSON."
            ) from error
        if not isinstance(found, dict):
            raise GraphError(400, "RequestBodyRead", "An object was expected.")
        return found

    def need(self, name: str) -> str:
        """A query parameter that must be there. GraphError."""
        if not self.query.others.get(name):
            raise GraphError(
                400,
                "ErrorInvalidParameter",
                f"This request requires a time window specified by the query string parameters"
                f" StartDateTime and EndDateTime; {name} is missing.",
            )
        return self.query.others[name]

    @property
    def root(self) -> str:
        """The address of Graph, as the client knows it."""
        return f"{self.request.base}/{GRAPH_VERSION}"

    @property
    def owner(self) -> str:
        """The GUID of the mailbox's owner."""
        return self.box.directory.object_id(self.state.account)

    def context(self, path: str, *, one: bool = False) -> str:
        """The value of ``@odata.context``."""
        who = quote(self.state.account.email, safe="")
        return f"{self.root}/$metadata#users('{who}')/{path}{'/$entity' if one else ''}"

    def check_match(self, version: int) -> None:
        """GraphError 412 when If-Match names another version than the item has."""
        wanted = self.request.headers.get("if-match", "").strip()
        if wanted and wanted != "*" and wanted != self.etag(version):
            raise GraphError(412)

    def etag(self, version: int) -> str:
        """The ETag of an item's or folder's version."""
        return f'W/"{self.change_key(version)}"'

    def change_key(self, version: int) -> str:
        """The change key of a version: EWS's own."""
        return change_key(self.state.guid, version)

    # -- what ids name -----------------------------------------------------------------------

    def folder(self, text: str, kind: str) -> Folder:
        """The living folder of a kind (``CalendarFolder``) that an id or a well-known name
        names. GraphError."""
        known = {"CalendarFolder": "calendar", "ContactsFolder": "contacts"}.get(kind)
        if known and text.lower() == known:
            return self.state.distinguished(known)
        found = self.state.folders.get(self.ids.find_folder(text))
        if found is None or found.gone or found.kind != kind:
            raise missing()
        return found

    def item(self, text: str, kind: str) -> tuple[Item, str | None]:
        """The item that an id names, and its occurrence's original start. GraphError."""
        return self.ids.find_item(text, kind)

    def refuse_options(self, resource: str, *, selects: bool = False) -> None:
        """GraphError for the options that a delta does not take; some take $select."""
        if self.query.has_options or (self.query.select and not selects):
            raise bad_query(
                "The following parameters are not supported with change tracking over the"
                f" '{resource}' resource: '$orderby, $filter, $select, $expand, $search'."
            )


Handler: TypeAlias = Callable[[Call], Answer]
