"""The words of the sign-in pages, English and German."""

from __future__ import annotations

from collections.abc import Callable

Words = Callable[..., str]

_TABLE = {
    "label": (
        "Stand-in for Microsoft's sign-in, for trying things out. Nothing here reaches Microsoft.",
        "Ersatz für die Microsoft-Anmeldung, zum Ausprobieren. Nichts hiervon erreicht Microsoft.",
    ),
    "sign-in": ("Sign in", "Anmelden"),
    "to-app": ("to continue to {app}", "um mit {app} fortzufahren"),
    "user": ("E-mail address", "E-Mail-Adresse"),
    "password": ("Password", "Kennwort"),
    "wrong": (
        "Your account or password is incorrect. (AADSTS50126)",
        "Ihr Konto oder Ihr Kennwort ist nicht korrekt. (AADSTS50126)",
    ),
    "next": ("Sign in", "Anmelden"),
    "cancel": ("Cancel", "Abbrechen"),
    "consent": ("Permissions requested", "Angeforderte Berechtigungen"),
    "consent-text": (
        "{app} would like to have these permissions:",
        "{app} möchte diese Berechtigungen erhalten:",
    ),
    "accept": ("Accept", "Akzeptieren"),
    "for-all": (
        "Consent on behalf of your organization",
        "Zustimmung im Namen Ihrer Organisation",
    ),
    "signed-in-as": ("Signed in as {user}", "Angemeldet als {user}"),
    "other": ("Use another account", "Anderes Konto verwenden"),
    "approval": ("Need admin approval", "Administratorgenehmigung erforderlich"),
    "approval-text": (
        (
            "{app} needs permission to access resources in your organization that only an"
            " administrator can grant. Please ask an administrator to grant permission to this"
            " app before you can use it. (AADSTS90094)"
        ),
        (
            "{app} benötigt für den Zugriff auf Ressourcen in Ihrer Organisation eine"
            " Berechtigung, die nur ein Administrator erteilen kann. Bitten Sie einen"
            " Administrator, dieser App die Berechtigung zu erteilen, bevor Sie sie verwenden."
            " (AADSTS90094)"
        ),
    ),
    "back": (
        "Return to the application without granting consent",
        "Zur Anwendung zurückkehren, ohne zuzustimmen",
    ),
    "have-admin": (
        "Have an admin account? Sign in with that account",
        "Haben Sie ein Administratorkonto? Mit diesem Konto anmelden",
    ),
    "approve": ("Approve for the organization", "Für die Organisation genehmigen"),
    "approve-text": (
        "If you accept, {app} gets these permissions for everybody in your organization:",
        "Wenn Sie zustimmen, erhält {app} diese Berechtigungen für alle in Ihrer Organisation:",
    ),
    "no-admin": (
        "{user} is not an administrator of this organization.",
        "{user} ist kein Administrator dieser Organisation.",
    ),
    "trouble": ("Sorry, but we’re having trouble signing you in", "Die Anmeldung ist gestört"),
    "continue": ("Continue", "Weiter"),
    "going-back": ("Back to the application", "Zurück zur Anwendung"),
    "signed-out": ("You signed out of your account", "Sie haben sich abgemeldet"),
    "close": (
        "It’s a good idea to close all browser windows.",
        "Es empfiehlt sich, alle Browserfenster zu schließen.",
    ),
    "User.Read": ("Sign you in and read your profile", "Sie anmelden und Ihr Profil lesen"),
    "Calendars.Read": ("Read your calendars", "Ihre Kalender lesen"),
    "Calendars.ReadBasic": ("Read basics of your calendars", "Grunddaten Ihrer Kalender lesen"),
    "Calendars.ReadWrite": (
        "Have full access to your calendars",
        "Uneingeschränkt auf Ihre Kalender zugreifen",
    ),
    "Contacts.Read": ("Read your contacts", "Ihre Kontakte lesen"),
    "Contacts.ReadWrite": (
        "Have full access of your contacts",
        "Uneingeschränkt auf Ihre Kontakte zugreifen",
    ),
    "Tasks.Read": ("Read your tasks and task lists", "Ihre Aufgaben und Aufgabenlisten lesen"),
    "Tasks.ReadWrite": (
        "Create, read, update, and delete your tasks and task lists",
        "Ihre Aufgaben und Aufgabenlisten anlegen, lesen, ändern und löschen",
    ),
    "MailboxSettings.Read": ("Read your mailbox settings", "Ihre Postfacheinstellungen lesen"),
    "offline_access": (
        "Maintain access to data you have given it access to",
        "Zugriff auf Daten beibehalten, für die Sie Zugriff erteilt haben",
    ),
}


def words_of(language: str) -> Words:
    """Looks up a phrase; an unknown key is shown as it is."""
    column = 1 if language == "de" else 0

    def look_up(key: str, /, **values: object) -> str:
        found = _TABLE.get(key)
        return found[column].format(**values) if found else key

    return look_up
