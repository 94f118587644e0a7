"""exchangelib keeps contacts and tasks, and folders of its own."""

from typing import Any

from exchangelib import Contact, EWSDate, Task
from exchangelib.folders import Calendar
from exchangelib.indexed_properties import EmailAddress, PhoneNumber, PhysicalAddress
from exchangelib.recurrence import DailyPattern, TaskRecurrence

from tests.sandbox.exchange_client import account, trusted

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
