"""How an integration presents itself in the marketplace."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from andock_sdk.forms import Form
from andock_sdk.text import Text

Category = Literal["calendar", "contacts", "tasks"]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Permission(_Data):
    """One kind of access that the integration asks for."""

    icon: Literal["calendar", "contacts", "tasks", "mail", "key", "globe"]
    what: Text
    access: Text


class Feature(_Data):
    """One thing that a member gets."""

    icon: Literal["repeat", "eye-off", "list-checks", "mail-x", "users", "shield", "zap"]
    title: Text
    text: Text


class Message(_Data):
    """The words for an error key: what happened, and what to do next."""

    title: Text
    advice: Text


def message(title: str, titel: str, advice: str, rat: str) -> Message:
    """A message from its English and German title and its English and German advice."""
    return Message(title=Text(en=title, de=titel), advice=Text(en=advice, de=rat))


class Listing(_Data):
    """All that the marketplace shows of an integration before anyone adds it.

    `icon` is an SVG document of at most 8 kB without scripts; it is shown as an image.
    `messages` has the words for every error key that the plugin's hooks may answer with.
    `authorize_form` asks for the grant; None when authorizing starts with a redirect.
    """

    slug: str = Field(pattern=r"^[a-z][a-z0-9-]{1,60}$")
    title: Text
    publisher: str
    version: str
    summary: Text
    description: Text
    icon: str = Field(max_length=8192)
    categories: tuple[Category, ...]
    works_with: Text
    data_goes_to: Text
    features: tuple[Feature, ...] = ()
    permissions: tuple[Permission, ...]
    keywords: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en", "de")
    authorize_form: Form | None = None
    messages: dict[str, Message] = {}
