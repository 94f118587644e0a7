"""What whoever runs Andock fills in for an integration, once for all: a client's id, its secret."""

from typing import TYPE_CHECKING

from andock_core import clock
from andock_core.connections import answers as checking
from andock_core.connections.errors import AnswersRefused
from andock_core.storage import SYSTEM, OperatorSettings, Storage
from andock_core.vault import Label, Vault
from andock_sdk import Answers, Listing

if TYPE_CHECKING:
    from andock_core.core import Core


def read(storage: Storage, vault: Vault, slug: str) -> Answers:
    """What was filled in, passwords too; empty when nothing was."""
    with storage.read(SYSTEM) as session:
        row = session.get(OperatorSettings, slug)
        found: Answers = vault.open_json(_label(slug), row.answers) if row else {}
        return found


def put(core: "Core", listing: Listing, given: Answers) -> None:
    """Keep what was filled in, sealed. What is not given stays as it was.

    Raises AnswersRefused, also when the integration asks for nothing.
    """
    form = listing.operator_form
    if form is None:
        raise AnswersRefused({})
    kept = read(core.storage, core.vault, listing.slug)
    known = {field.name for field in form.fields}
    if strange := given.keys() - known:
        raise AnswersRefused(dict.fromkeys(strange, "field.not_offered"))
    answers = checking.checked(form, {**kept, **given})
    with core.storage.write(SYSTEM) as session:
        row = session.get(OperatorSettings, listing.slug)
        if row is None:
            row = OperatorSettings(integration=listing.slug)
            session.add(row)
        row.answers = core.vault.seal_json(_label(listing.slug), answers)
        row.changed_at = clock.now()


def missing(core: "Core", listing: Listing) -> list[str]:
    """The names of the fields that have to be filled in before anybody can add the integration."""
    needed = (
        [f.name for f in listing.operator_form.fields if f.required]
        if (listing.operator_form)
        else []
    )
    if not needed:
        return []
    kept = read(core.storage, core.vault, listing.slug)
    return [name for name in needed if kept.get(name) in (None, "", [])]


def _label(slug: str) -> Label:
    return Label("", "", "operator_settings.answers", slug)
