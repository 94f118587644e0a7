"""exchangelib keeps contacts and tasks, and folders of its own."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from exchangelib import Contact, DistributionList, EWSDate, Mailbox as Address, Message, Task
from exchangelib.errors import ErrorStaleObject
from exchangelib.folders import Calendar, Contacts
from exchangelib.indexed_properties import EmailAddress, PhoneNumber, PhysicalAddress
from exchangelib.properties import Member
from exchangelib.recurrence import DailyPattern, TaskRecurrence, WeeklyRegeneration

from andock_sandbox import Sandbox
from tests.sandbox.exchange_client import BERLIN, account, trusted

__all__ = ["account", "trusted"]


def test_a_contact_is_created_read_changed_and_deleted(account: Any) -> None:
    """With its e-mail slots, phones and addresses."""
    item = Contact(
        account=account,
        folder=account.contacts,
        display_name="Eva Muster",
        given_name="Eva",
        surname="Muster",
        company_name="Muster GmbH",
        job_title="Leiterin",
        email_addresses=[EmailAddress(email="eva@x.test", label="EmailAddress1")],
        phone_numbers=[PhoneNumber(label="MobilePhone", phone_number="+49 1")],
        physical_addresses=[PhysicalAddress(label="Business", city="Bonn", street="Weg 1")],
        birthday=EWSDate(1980, 5, 1),
    ).save()
    held = account.contacts.get(id=item.id)
    assert (held.display_name, held.file_as) == ("Eva Muster", "Muster, Eva")
    assert held.email_addresses[0].email == "eva@x.test"
    assert held.phone_numbers[0].phone_number == "+49 1"
    assert held.physical_addresses[0].city == "Bonn"
    held.job_title = "Chefin"
    held.phone_numbers = [PhoneNumber(label="MobilePhone", phone_number="+49 2")]
    held.save(update_fields=["job_title", "phone_numbers"])
    again = account.contacts.get(id=item.id)
    assert (again.job_title, again.phone_numbers[0].phone_number) == ("Chefin", "+49 2")
    assert [kind for kind, _ in account.contacts.sync_items()] == ["create"]
    again.delete()
    assert [kind for kind, _ in account.contacts.sync_items()] == ["delete"]


def test_a_task_is_created_completed_and_deleted(account: Any) -> None:
    """Completing sets its date."""
    item = Task(account=account, folder=account.tasks, subject="Anrufen", status="NotStarted")
    item.save()
    held = account.tasks.get(id=item.id)
    assert (held.status, held.is_complete) == ("NotStarted", False)
    held.complete()
    done = account.tasks.get(id=item.id)
    assert (done.status, done.percent_complete, done.is_complete) == ("Completed", 100, True)
    done.delete(affected_task_occurrences="AllOccurrences")
    assert account.tasks.all().count() == 0


def test_a_recurring_task_keeps_its_rule(account: Any) -> None:
    """Its days come back as days."""
    rule = TaskRecurrence(pattern=DailyPattern(interval=2), start=EWSDate(2026, 11, 24), number=3)
    item = Task(account=account, folder=account.tasks, subject="Gießen", recurrence=rule).save()
    assert account.tasks.get(id=item.id).recurrence == rule


def recurring(account: Any, rule: TaskRecurrence) -> Any:
    """A saved task that recurs, due on its first day."""
    return Task(
        account=account, folder=account.tasks, subject="Gießen", recurrence=rule,
        start_date=EWSDate(2026, 11, 24), due_date=EWSDate(2026, 11, 24),
    ).save()  # fmt: skip


def test_a_finished_recurring_task_comes_again(account: Any) -> None:
    """A finished copy stays; the last one ends the series; one may be skipped."""
    rule = TaskRecurrence(pattern=DailyPattern(interval=2), start=EWSDate(2026, 11, 24), number=3)
    item = recurring(account, rule)
    account.tasks.get(id=item.id).complete()
    again = account.tasks.get(id=item.id)
    assert (again.status, again.due_date) == ("NotStarted", EWSDate(2026, 11, 26))
    assert again.recurrence.boundary.number == 2
    [done] = [one for one in account.tasks.all() if one.status == "Completed"]
    assert (done.due_date, done.recurrence) == (EWSDate(2026, 11, 24), None)
    again.delete(affected_task_occurrences="SpecifiedOccurrenceOnly")
    last = account.tasks.get(id=item.id)
    assert last.due_date == EWSDate(2026, 11, 28)
    last.complete()
    assert account.tasks.get(id=item.id).status == "Completed"
    assert account.tasks.all().count() == 2


def test_a_regenerating_task_counts_from_the_day_it_is_done(account: Any) -> None:
    """Whatever day it was due."""
    rule = TaskRecurrence(
        pattern=WeeklyRegeneration(interval=1), start=EWSDate(2026, 11, 24), number=3
    )
    item = recurring(account, rule)
    account.tasks.get(id=item.id).complete()
    today = datetime.now(tz=BERLIN).date()
    assert account.tasks.get(id=item.id).due_date == today + timedelta(days=7)


def test_a_calendar_folder_is_created_renamed_and_deleted(account: Any) -> None:
    """Below the default one."""
    folder = Calendar(parent=account.calendar, name="Projekte")
    folder.save()
    folder.name = "Vorhaben"
    folder.save(update_fields=["name"])
    account.root.clear_cache()
    found = account.root.get_folder(folder)
    assert (found.name, found.folder_class) == ("Vorhaben", "IPF.Appointment")
    folder.delete()
    account.root.clear_cache()
    assert not any(child.name == "Vorhaben" for child in account.calendar.children)


def test_a_list_of_ones_own_is_kept(account: Any) -> None:
    """With its members; ExpandDL reads a list of the organisation."""
    member = Member(mailbox=Address(email_address="eva@x.test", mailbox_type="OneOff"))
    item = DistributionList(
        account=account, folder=account.contacts, display_name="Kegeln", members=[member]
    ).save()
    held = account.contacts.get(id=item.id)
    assert [one.mailbox.email_address for one in held.members] == ["eva@x.test"]


def test_a_list_of_the_organisation_is_expanded(account: Any, box: Sandbox) -> None:
    """By its address."""
    box.add_group("team@musterfirma.test", "Team", ["anna@musterfirma.test"])
    found = list(account.protocol.expand_dl("team@musterfirma.test"))
    assert [one.email_address for one in found] == ["anna@musterfirma.test"]


def test_folders_are_moved_emptied_and_wiped(account: Any) -> None:
    """And items copied between them."""
    first = Contacts(parent=account.contacts, name="Erste").save()
    second = Contacts(parent=account.contacts, name="Zweite").save()
    item = Contact(account=account, folder=first, display_name="Eva").save()
    copied = item.copy(to_folder=second)
    assert first.all().count() == second.all().count() == 1
    assert copied is not None
    item.move(to_folder=second)
    assert (first.all().count(), second.all().count()) == (0, 2)
    first.move(to_folder=second)
    assert [child.name for child in second.children] == ["Erste"]
    second.empty(delete_sub_folders=True)
    account.root.clear_cache()
    assert (second.all().count(), list(second.children)) == (0, [])
    second.wipe()


def test_a_draft_is_sent(account: Any, box: Sandbox) -> None:
    """It leaves the drafts for the sent items; a stale one is refused."""
    draft = Message(
        account=account, folder=account.drafts, subject="Entwurf", to_recipients=["eva@x.test"]
    ).save()
    stale = account.drafts.get(id=draft.id)
    draft.subject = "Fertig"
    draft.save(update_fields=["subject"])
    with pytest.raises(ErrorStaleObject):
        stale.send()
    draft.send()
    assert (account.drafts.all().count(), account.sent.all().count()) == (0, 1)
    assert [mail.subject for mail in box.outbox] == ["Fertig"]


def test_a_mail_is_sent_and_arrives(account: Any, box: Sandbox) -> None:
    """In the inbox of the one, in the sent items of the other."""
    eva = box.add_mailbox("eva@musterfirma.test", "x", name="Eva")
    Message(
        account=account, subject="Hallo", body="Gruß", to_recipients=[eva.email]
    ).send_and_save()
    assert [mail.subject for mail in account.sent.all()] == ["Hallo"]
    assert [(mail.kind, mail.to) for mail in box.outbox] == [("Message", (eva.email,))]
