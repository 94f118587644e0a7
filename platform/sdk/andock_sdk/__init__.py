"""All that a plugin imports: hooks, items, the connector protocol, forms and errors."""

from andock_sdk import errors, standard
from andock_sdk.connector import (
    Capabilities,
    Change,
    ChangePage,
    Collection,
    Connector,
    Missing,
    ReadResult,
    RemoteItem,
    Unreadable,
)
from andock_sdk.context import JSON, Context, Egress, Grant, State
from andock_sdk.forms import Answers, Choice, Field, FieldErrors, Form
from andock_sdk.hookspecs import ConnectionFacts, Redirect, SyncJob, hookimpl
from andock_sdk.items import (
    NO_REMINDER,
    Appointment,
    Attendee,
    Body,
    Contact,
    Item,
    Override,
    Patch,
    Person,
    Photo,
    PostalAddress,
    Slot,
)
from andock_sdk.jobs import OwnJob
from andock_sdk.listing import Feature, Listing, Message, Permission
from andock_sdk.network import Address, Certificate
from andock_sdk.steps import Account, Diagnosis, Discovered, Elsewhere, Report, Step, TestReport
from andock_sdk.text import Text
from andock_sdk.versions import CONTRACT, AndockDeprecation
from andock_sdk.webhooks import Handshake, HookAnswer, HookRequest

__version__ = "1.0.0"

__all__ = [
    "CONTRACT",
    "JSON",
    "NO_REMINDER",
    "Account",
    "Address",
    "AndockDeprecation",
    "Answers",
    "Appointment",
    "Attendee",
    "Body",
    "Capabilities",
    "Certificate",
    "Change",
    "ChangePage",
    "Choice",
    "Collection",
    "ConnectionFacts",
    "Connector",
    "Contact",
    "Context",
    "Diagnosis",
    "Discovered",
    "Egress",
    "Elsewhere",
    "Feature",
    "Field",
    "FieldErrors",
    "Form",
    "Grant",
    "Handshake",
    "HookAnswer",
    "HookRequest",
    "Item",
    "Listing",
    "Message",
    "Missing",
    "Override",
    "OwnJob",
    "Patch",
    "Permission",
    "Person",
    "Photo",
    "PostalAddress",
    "ReadResult",
    "Redirect",
    "RemoteItem",
    "Report",
    "Slot",
    "State",
    "Step",
    "SyncJob",
    "TestReport",
    "Text",
    "Unreadable",
    "errors",
    "hookimpl",
    "standard",
]
