"""How an integration presents itself in the marketplace."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from andock_sdk.forms import Form
from andock_sdk.text import Text
from andock_sdk.webhooks import Handshake

Category = Literal["calendar", "contacts", "tasks"]
Host = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?$")]
HeaderName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,60}$")]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Permission(_Data):
    """One kind of access that the integration asks for: to `what`, and which `access`, with one of
    the marketplace's icons (`icon`)."""

    icon: Literal["calendar", "contacts", "tasks", "mail", "key", "globe"]
    what: Text
    access: Text


class Feature(_Data):
    """One thing that a member gets: an `icon`, a `title` of a few words, a `text` of a sentence."""

    icon: Literal["repeat", "eye-off", "list-checks", "mail-x", "users", "shield", "zap"]
    title: Text
    text: Text


class Message(_Data):
    """The words for an error key: what happened (`title`), and what to do next (`advice`)."""

    title: Text
    advice: Text


def message(title: str, titel: str, advice: str, rat: str) -> Message:
    """A message from its English and German title and its English and German advice."""
    return Message(title=Text(en=title, de=titel), advice=Text(en=advice, de=rat))


class Listing(_Data):
    """All that the marketplace shows of an integration before anyone adds it.

    `slug` is its name in addresses and in the database: it never changes. `title`, `publisher`,
    `version`, `summary` (a sentence) and `description` (a paragraph) stand on its page, together
    with what it is `works_with`, where its `data_goes_to`, its `features` and the `permissions`
    that it asks for. `categories` and `keywords` help to find it, `languages` are those it speaks.
    `icon` is an SVG document of at most 8 kB without scripts; it is shown as an image.
    `messages` has the words for every error key that the plugin's hooks may answer with.
    `authorize_form` asks for the grant; None when authorizing is a redirect and nothing is asked
    before it. `sign_in_hosts`: the only hosts that a redirect may lead to; empty: the plugin never
    redirects. `operator_form` asks whoever runs Andock for what the plugin needs once for all (a
    client's id, its secret): until its required fields are filled in, nobody can add the
    integration. `webhook_headers` are kept of a call besides its content-type (at most ten),
    `handshake` says how a caller checks the address.
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
    sign_in_hosts: tuple[Host, ...] = Field(default=(), max_length=20)
    operator_form: Form | None = None
    handshake: Handshake | None = None
    webhook_headers: tuple[HeaderName, ...] = Field(default=(), max_length=10)
    messages: dict[str, Message] = {}
