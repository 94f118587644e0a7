"""The whole way: Andock's runs, this plugin, the stand-in Exchange, and exchangelib beside it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from exchangelib import Contact as TheirContact, FileAttachment
from exchangelib.indexed_properties import EmailAddress, PhoneNumber

from andock_core.connections import sealed
from andock_core.contacts.store import Contacts
from andock_core.host.catalog import Catalog
from andock_core.storage import Collection, Connection, Contact as Row
from andock_sandbox import Mailbox, Sandbox
from andock_sandbox.server import SandboxServer
from andock_sdk import Contact
from tests.exchange_calendar.people import EVERYTHING, contact, photo, png
from tests.exchange_calendar.surroundings import EMAIL, PASSWORD, grant_for
from tests.runs.stage import Stage
from tests.sandbox.exchange_client import open_account, trusted

__all__ = ["trusted"]
SLUG = "exchange-calendar"


@cache
def _catalog() -> Catalog:
    """Probed once: that starts a process."""
    return Catalog(("andock_exchange_calendar:integration",))


@dataclass
class Office:
    """Anna, whose Andock keeps her folder of contacts on the server in step."""

    stage: Stage
    connection_id: str

    def run(self) -> None:
        """One run, which must end well."""
        result = self.stage.run(self.connection_id)
        assert result.state == "done", result

    def create(self, item: Contact) -> str:
        """Made in Andock; its id."""
        with self.stage.writing(Contacts) as contacts:
            return str(contacts.create(item).id)

    def edit(self, contact_id: str, **fields: object) -> None:
        """Changed in Andock."""
        with self.stage.writing(Contacts) as contacts:
            row = contacts.get(contact_id)
            values = contacts.document(row).model_dump() | fields
            contacts.replace(row, Contact.model_validate(values), row.version)

    def delete(self, contact_id: str) -> None:
        """Deleted in Andock."""
        with self.stage.writing(Contacts) as contacts:
            row = contacts.get(contact_id)
            contacts.delete(row, row.version)

    def here(self) -> dict[str, Contact]:
        """What Andock holds, by id."""
        with self.stage.writing(Contacts) as contacts:
            rows = [row.id for row in self.stage.rows(Row)]
            return {one: contacts.document(contacts.get(one)) for one in rows}

    def only(self) -> tuple[str, Contact]:
        """The one contact that Andock holds."""
        (found,) = self.here().items()
        return found


@pytest.fixture
def office(
    sqlite_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    server: SandboxServer,
    anna: Mailbox,
) -> Iterator[Office]:
    """Connected, with nothing on either side."""
    with Stage.open(sqlite_url, tmp_path, monkeypatch) as stage:
        settings = replace(
            stage.core.settings,
            ca_files=(server.ca_file,),
            egress_allow=frozenset({f"127.0.0.1:{server.port}"}),
        )
        stage.core = replace(stage.core, settings=settings, catalog=_catalog())
        yield Office(stage, _connect(stage, server, anna.address_book.default))


def _connect(stage: Stage, server: SandboxServer, folder: str) -> str:
    grant = grant_for(
        f"https://127.0.0.1:{server.port}/EWS/Exchange.asmx",
        version="Exchange2013_SP1",
        sign_in="Basic",
    )
    chosen = {"calendar_on": False, "contacts_on": True, "contacts": folder}
    with stage.core.storage.write(stage.scope) as session:
        row = Connection(
            tenant_id=stage.scope.tenant_id,
            owner_id=stage.scope.member_id,
            integration=SLUG,
            state="active",
            account_key=EMAIL,
            account_label=EMAIL,
        )
        session.add(row)
        session.flush()
        row.grant = sealed.seal_grant(stage.core.vault, row, grant)
        row.settings = sealed.seal(stage.core.vault, row, "settings", chosen)
        session.add(
            Collection(
                tenant_id=row.tenant_id,
                connection_id=row.id,
                ref=folder,
                kind="contacts",
                role="one",
            )
        )
        return row.id


@pytest.fixture
def account(trusted: SandboxServer) -> Any:
    """Anna's account, as exchangelib has it."""
    return open_account(trusted, password=PASSWORD)


def test_a_contact_made_here_is_changed_there_and_deleted_here(
    office: Office, anna: Mailbox, account: Any
) -> None:
    """Whole each time: three addresses, all numbers, the picture."""
    contact_id = office.create(EVERYTHING)
    office.run()
    (theirs,) = account.contacts.all()
    seen = account.contacts.get(id=theirs.id)
    assert [one.email for one in seen.email_addresses] == [
        one.email for one in EVERYTHING.emails.values()
    ]
    assert seen.attachments[0].content == png()

    seen.nickname = "Beate"
    seen.save(update_fields=["nickname"])
    seen.detach(seen.attachments[0])
    seen.attach(FileAttachment(name="neu.png", content=png(9), is_contact_photo=True))
    office.run()
    wanted = EVERYTHING.model_copy(update={"nickname": "Beate", "photo": photo(9)})
    assert office.here() == {contact_id: wanted}

    office.delete(contact_id)
    office.run()
    assert anna.address_book.all() == []


def test_a_contact_made_there_is_changed_here_and_deleted_there(
    office: Office, anna: Mailbox, account: Any
) -> None:
    """It becomes the member's own; what Andock does not know of it stays."""
    item = TheirContact(
        account=account,
        folder=account.contacts,
        display_name="Eva Muster",
        given_name="Eva",
        surname="Muster",
        spouse_name="Kai",
        email_addresses=[EmailAddress(label="EmailAddress1", email="eva@x.test")],
        phone_numbers=[PhoneNumber(label="OtherFax", phone_number="1")],
    ).save()
    item.attach(FileAttachment(name="eva.png", content=png(3), is_contact_photo=True))
    office.run()
    contact_id, held = office.only()
    assert (held.display_name, held.photo) == ("Eva Muster", photo(3))

    office.edit(contact_id, job_title="Chefin", photo=photo(4), phones={"mobile": "2"})
    office.run()
    seen = account.contacts.get(id=item.id)
    assert (seen.job_title, seen.spouse_name) == ("Chefin", "Kai")
    assert seen.attachments[0].content == png(4)
    numbers = {one.label: one.phone_number for one in seen.phone_numbers if one.phone_number}
    assert numbers == {"OtherFax": "1", "MobilePhone": "2"}

    seen.delete()
    office.run()
    assert office.here() == {}


def test_the_same_person_on_both_sides_is_recognised(office: Office, anna: Mailbox) -> None:
    """On the first run: one contact, with what either side knew."""
    anna.address_book.add(
        anna.address_book.default,
        display_name="Bea Vogt",
        given_name="Bea",
        surname="Vogt",
        emails={"EmailAddress1": "bea@x.test"},
        photo=png(5),
    )
    office.create(contact(emails={"email1": {"email": "bea@x.test"}}, phones={"mobile": "1"}))
    office.run()
    _, held = office.only()
    assert (held.phones, held.photo) == ({"mobile": "1"}, photo(5))
    (there,) = anna.address_book.all()
    assert there["props"]["PhoneNumbers"] == {"MobilePhone": "1"}


def test_a_second_run_has_nothing_to_do(office: Office, anna: Mailbox, box: Sandbox) -> None:
    """No write there, no change here: nothing travels to and fro."""
    office.create(EVERYTHING)
    anna.address_book.add(anna.address_book.default, display_name="Eva", photo=png())
    office.run()
    before = (anna.address_book.all(), {row.id: row.version for row in office.stage.rows(Row)})
    office.run()
    after = (anna.address_book.all(), {row.id: row.version for row in office.stage.rows(Row)})
    assert after == before


def test_a_picture_that_broke_off_follows_in_the_next_run(
    office: Office, anna: Mailbox, box: Sandbox
) -> None:
    """Neither lost here nor doubled there."""
    contact_id = office.create(EVERYTHING)
    box.fail_next("CreateAttachment", "reset")
    office.stage.run(office.connection_id)
    office.run()
    office.run()
    assert office.here() == {contact_id: EVERYTHING}
    (there,) = anna.address_book.all()
    assert [one["IsContactPhoto"] for one in there["attachments"]] == [True]


def test_a_replaced_picture_that_broke_off_halfway_wins_in_the_next_run(
    office: Office, anna: Mailbox, box: Sandbox
) -> None:
    """The old one is gone there by our own doing: that is no change of somebody else's."""
    contact_id = office.create(EVERYTHING)
    office.run()
    office.edit(contact_id, photo=photo(8))
    box.fail_next("CreateAttachment", "reset")
    office.stage.run(office.connection_id)
    assert anna.address_book.all()[0]["attachments"] == []
    office.run()
    office.run()
    assert office.here() == {contact_id: EVERYTHING.model_copy(update={"photo": photo(8)})}
    (there,) = anna.address_book.all()
    assert [one["IsContactPhoto"] for one in there["attachments"]] == [True]
