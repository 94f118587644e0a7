"""A bare EWS client for the sandbox's tests: hand-written requests over real https."""

import base64
import http.client
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree

from andock_sandbox.server import SandboxServer

MESSAGES = "http://schemas.microsoft.com/exchange/services/2006/messages"
TYPES = "http://schemas.microsoft.com/exchange/services/2006/types"
NS = {"m": MESSAGES, "t": TYPES, "s": "http://schemas.xmlsoap.org/soap/envelope/"}
PASSWORD = "anna-secret"

IDS = "<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape>"
ALL = "<m:ItemShape><t:BaseShape>AllProperties</t:BaseShape></m:ItemShape>"


@dataclass(frozen=True)
class Reply:
    """Status, headers and parsed XML (when it is XML) of an answer."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def xml(self) -> etree._Element:
        """The parsed envelope."""
        return etree.fromstring(self.body)

    def texts(self, path: str) -> list[str]:
        """The texts of all elements or the values of all attributes at an XPath."""
        found = self.xml.xpath(path, namespaces=NS)
        assert isinstance(found, list)
        return [
            (part.text or "") if isinstance(part, etree._Element) else str(part) for part in found
        ]

    def text(self, path: str) -> str:
        """The first of ``texts``."""
        return self.texts(path)[0]

    @property
    def codes(self) -> list[str]:
        """The response codes, one per response message, or the fault's one."""
        return self.texts("//*[local-name()='ResponseCode']")


def envelope(operation: str, *, version: str = "Exchange2016", zone: str = "") -> bytes:
    """A SOAP request around an operation's XML."""
    context = (
        f'<t:TimeZoneContext><t:TimeZoneDefinition Id="{zone}"/></t:TimeZoneContext>'
        if zone
        else ""
    )
    return (
        f'<s:Envelope xmlns:s="{NS["s"]}" xmlns:m="{MESSAGES}" xmlns:t="{TYPES}"><s:Header>'
        f'<t:RequestServerVersion Version="{version}"/>{context}</s:Header>'
        f"<s:Body>{operation}</s:Body></s:Envelope>"
    ).encode()


class Client:
    """Posts requests to a sandbox server, signed in by Basic."""

    def __init__(
        self, server: SandboxServer, user: str = "anna@musterfirma.test", password: str = PASSWORD
    ) -> None:
        self.server = server
        self._token = base64.b64encode(f"{user}:{password}".encode()).decode()

    def request(
        self, body: bytes, path: str = "/EWS/Exchange.asmx", method: str = "POST", **headers: str
    ) -> Reply:
        """One request on a connection of its own."""
        context = ssl.create_default_context(cafile=str(self.server.ca_file))
        host = urlsplit(self.server.ews_url).hostname or ""
        connection = http.client.HTTPSConnection(
            host, self.server.port, timeout=10, context=context
        )
        sent = {"Authorization": f"Basic {self._token}", "Content-Type": "text/xml"} | headers
        try:
            connection.request(method, path, body or None, {k: v for k, v in sent.items() if v})
            answer = connection.getresponse()
            return Reply(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def __call__(self, operation: str, **options: str) -> Reply:
        """Carry out an operation given as XML."""
        return self.request(envelope(operation, **options))

    # -- shorthand ---------------------------------------------------------------------------

    def get(self, item_id: str, shape: str = ALL) -> Reply:
        """GetItem of one item."""
        return self(f"<m:GetItem>{shape}<m:ItemIds>{item(item_id)}</m:ItemIds></m:GetItem>")

    def create(self, fields: str, *, send: str = "SendToNone", **options: str) -> Reply:
        """CreateItem of one calendar entry in the default calendar."""
        mode = f' SendMeetingInvitations="{send}"' if send else ""
        return self(
            f"<m:CreateItem{mode}><m:Items><t:CalendarItem>{fields}</t:CalendarItem></m:Items>"
            "</m:CreateItem>",
            **options,
        )

    def update(
        self,
        target: str,
        *updates: str,
        mode: str = "AlwaysOverwrite",
        send: str = "SendToNone",
        **options: str,
    ) -> Reply:
        """UpdateItem of one item; ``target`` is its id element."""
        sent = f' SendMeetingInvitationsOrCancellations="{send}"' if send else ""
        return self(
            f'<m:UpdateItem ConflictResolution="{mode}"{sent}><m:ItemChanges><t:ItemChange>'
            f"{target}<t:Updates>{''.join(updates)}</t:Updates></t:ItemChange></m:ItemChanges>"
            "</m:UpdateItem>",
            **options,
        )

    def delete(
        self, target: str, *, send: str = "SendToNone", disposal: str = "HardDelete"
    ) -> Reply:
        """DeleteItem of one item."""
        sent = f' SendMeetingCancellations="{send}"' if send else ""
        return self(
            f'<m:DeleteItem DeleteType="{disposal}"{sent}><m:ItemIds>{target}</m:ItemIds>'
            "</m:DeleteItem>"
        )

    def sync(self, folder: str = "", state: str = "", limit: int = 512, shape: str = IDS) -> Reply:
        """SyncFolderItems of a folder (the default calendar)."""
        where = f'<t:FolderId Id="{folder}"/>' if folder else distinguished("calendar")
        token = f"<m:SyncState>{state}</m:SyncState>" if state else ""
        return self(
            f"<m:SyncFolderItems>{shape}<m:SyncFolderId>{where}</m:SyncFolderId>{token}"
            f"<m:MaxChangesReturned>{limit}</m:MaxChangesReturned></m:SyncFolderItems>"
        )

    def find(self, inside: str, shape: str = IDS, folder: str = "calendar") -> Reply:
        """FindItem in a well-known folder; ``inside`` are view, restriction and order."""
        return self(
            f'<m:FindItem Traversal="Shallow">{shape}{inside}<m:ParentFolderIds>'
            f"{distinguished(folder)}</m:ParentFolderIds></m:FindItem>"
        )


def item(item_id: str, key: str = "") -> str:
    """An ItemId element."""
    return f'<t:ItemId Id="{item_id}"' + (f' ChangeKey="{key}"' if key else "") + "/>"


def occurrence(master: str, index: int) -> str:
    """An OccurrenceItemId element."""
    return f'<t:OccurrenceItemId RecurringMasterId="{master}" InstanceIndex="{index}"/>'


def distinguished(name: str) -> str:
    """A DistinguishedFolderId element."""
    return f'<t:DistinguishedFolderId Id="{name}"/>'


def setting(uri: str, inner: str, kind: str = "CalendarItem") -> str:
    """A SetItemField update."""
    return (
        f'<t:SetItemField><t:FieldURI FieldURI="{uri}"/><t:{kind}>{inner}</t:{kind}>'
        "</t:SetItemField>"
    )


def shape(*uris: str, base: str = "IdOnly") -> str:
    """An ItemShape with additional properties."""
    paths = "".join(f'<t:FieldURI FieldURI="{uri}"/>' for uri in uris)
    return (
        f"<m:ItemShape><t:BaseShape>{base}</t:BaseShape>"
        f"<t:AdditionalProperties>{paths}</t:AdditionalProperties></m:ItemShape>"
    )


ServerFactory = Callable[..., SandboxServer]
