"""The folders that every new mailbox has, with their names as Exchange gives them."""

from __future__ import annotations

# distinguished name, parent, element, folder class, name in English, name in German
DEFAULTS = (
    ("root", "", "Folder", "", "", ""),
    ("msgfolderroot", "root", "Folder", "IPF", "Top of Information Store", "Oberste Ebene"),
    ("searchfolders", "root", "Folder", "IPF", "Finder", "Finder"),
    ("calendar", "msgfolderroot", "CalendarFolder", "IPF.Appointment", "Calendar", "Kalender"),
    ("contacts", "msgfolderroot", "ContactsFolder", "IPF.Contact", "Contacts", "Kontakte"),
    ("deleteditems", "msgfolderroot", "Folder", "IPF.Note", "Deleted Items", "Gelöschte Elemente"),
    ("drafts", "msgfolderroot", "Folder", "IPF.Note", "Drafts", "Entwürfe"),
    ("inbox", "msgfolderroot", "Folder", "IPF.Note", "Inbox", "Posteingang"),
    ("journal", "msgfolderroot", "Folder", "IPF.Journal", "Journal", "Journal"),
    ("junkemail", "msgfolderroot", "Folder", "IPF.Note", "Junk Email", "Junk-E-Mail"),
    ("notes", "msgfolderroot", "Folder", "IPF.StickyNote", "Notes", "Notizen"),
    ("outbox", "msgfolderroot", "Folder", "IPF.Note", "Outbox", "Postausgang"),
    ("sentitems", "msgfolderroot", "Folder", "IPF.Note", "Sent Items", "Gesendete Elemente"),
    ("tasks", "msgfolderroot", "TasksFolder", "IPF.Task", "Tasks", "Aufgaben"),
)

CLASS_OF_KIND = {
    "CalendarFolder": "IPF.Appointment",
    "ContactsFolder": "IPF.Contact",
    "TasksFolder": "IPF.Task",
    "Folder": "IPF.Note",
}
KIND_OF_CLASS = {
    "IPF.Appointment": "CalendarFolder",
    "IPF.Contact": "ContactsFolder",
    "IPF.Task": "TasksFolder",
}
