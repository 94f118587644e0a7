"""The words of the pages, English and German. Few enough for a table."""

from __future__ import annotations

from collections.abc import Callable

Words = Callable[..., str]

_TABLE = {
    "title": ("Exchange sandbox", "Exchange-Sandbox"),
    "subtitle": (
        "A stand-in for Exchange {version}. Nothing leaves it: mails lie in the outbox.",
        "Ein Ersatz für Exchange {version}. Nichts verlässt ihn: Mails liegen im Postausgang.",
    ),
    "mailboxes": ("Mailboxes", "Postfächer"),
    "lose": ("Forget sync states", "Abgleichstände vergessen"),
    "renumber": ("Give new ids", "Neue Kennungen vergeben"),
    "faults": ("Faults that wait", "Störungen, die warten"),
    "no-faults": ("None: every request is answered.", "Keine: Jede Anfrage wird beantwortet."),
    "kind": ("Fault", "Störung"),
    "operation": ("Call", "Aufruf"),
    "mailbox": ("Mailbox", "Postfach"),
    "times": ("Times", "Wie oft"),
    "until": ("until taken back", "bis zum Zurücknehmen"),
    "times-hint": ("Empty: until taken back", "Leer: bis zum Zurücknehmen"),
    "backoff": ("Back-off (ms)", "Wartezeit (ms)"),
    "seconds": ("Seconds", "Sekunden"),
    "retry": ("Retry-After", "Retry-After"),
    "any": ("any", "alle"),
    "plan": ("Plan this fault", "Störung planen"),
    "take-back": ("Take back", "Zurücknehmen"),
    "take-all": ("Take all back", "Alle zurücknehmen"),
    "new-fault": ("A new fault", "Neue Störung"),
    "server": ("The server", "Der Server"),
    "certificate": ("Certificate", "Zertifikat"),
    "good": ("valid", "gültig"),
    "expired": ("expired", "abgelaufen"),
    "wrong-name": ("for another name", "für einen anderen Namen"),
    "sign-in": ("Sign-in offered", "Angebotene Anmeldung"),
    "protection": (
        "Extended Protection: NTLM must be bound to the TLS channel",
        "Erweiterter Schutz: NTLM muss an den TLS-Kanal gebunden sein",
    ),
    "bearer": ("Bearer (modern sign-in)", "Bearer (moderne Anmeldung)"),
    "apply": ("Apply", "Übernehmen"),
    "microsoft": ("Microsoft 365", "Microsoft 365"),
    "may-agree": ("people may agree themselves", "Personen dürfen selbst zustimmen"),
    "needs-approval": (
        "needs an administrator’s approval",
        "braucht die Genehmigung eines Administrators",
    ),
    "require": ("Require approval", "Genehmigung verlangen"),
    "let-agree": ("Let people agree", "Zustimmung freigeben"),
    "approve-all": ("Approve all apps", "Alle Anwendungen genehmigen"),
    "access": ("Access of applications", "Zugriff von Anwendungen"),
    "admin": ("administrator", "Administrator"),
    "admin-on": ("Make administrator", "Zum Administrator machen"),
    "no-admin": ("No administrator any more", "Nicht mehr Administrator"),
    "revoke": ("End all access", "Allen Zugriff beenden"),
    "notices": ("Lifecycle notices to subscriptions", "Lebenszyklusmeldungen an Abonnements"),
    "notice": ("Notice", "Meldung"),
    "send": ("Send", "Senden"),
    "requests": ("Latest requests to Graph", "Letzte Anfragen an Graph"),
    "no-requests": ("Graph has not been asked yet.", "Graph wurde noch nicht gefragt."),
    "any-graph": ("Graph: any", "Graph: alle"),
    "token-call": ("Microsoft: tokens", "Microsoft: Token"),
    "sign-in-page": ("Microsoft: sign-in page", "Microsoft: Anmeldeseite"),
    "foreign-link": ("links to another host (Graph)", "Links zu einem anderen Rechner (Graph)"),
    "replayed": ("each line twice (Graph)", "jede Zeile doppelt (Graph)"),
    "attempts": ("Latest sign-ins", "Letzte Anmeldungen"),
    "no-attempts": ("Nobody has signed in yet.", "Noch hat sich niemand angemeldet."),
    "let-in": ("let in", "eingelassen"),
    "refused": ("refused", "abgewiesen"),
    "back": ("All mailboxes and faults", "Alle Postfächer und Störungen"),
    "week": ("Week of {day}", "Woche ab {day}"),
    "earlier": ("Earlier", "Früher"),
    "later": ("Later", "Später"),
    "today": ("This week", "Diese Woche"),
    "free-week": ("Nothing this week.", "Nichts in dieser Woche."),
    "all-day": ("all day", "ganztägig"),
    "private": ("Private", "Privat"),
    "series": ("series", "Serie"),
    "subject": ("Title", "Titel"),
    "start": ("Begins", "Beginn"),
    "end": ("Ends", "Ende"),
    "location": ("Place", "Ort"),
    "calendar": ("Calendar", "Kalender"),
    "change": ("Change", "Ändern"),
    "save": ("Save", "Speichern"),
    "delete": ("Delete", "Löschen"),
    "delete-series": ("Delete the whole series", "Ganze Serie löschen"),
    "new-entry": ("A new entry", "Neuer Termin"),
    "add": ("Add", "Anlegen"),
    "contacts": ("Contacts", "Kontakte"),
    "no-contacts": ("No contacts.", "Keine Kontakte."),
    "new-contact": ("A new contact", "Neuer Kontakt"),
    "given": ("First name", "Vorname"),
    "surname": ("Last name", "Nachname"),
    "company": ("Company", "Firma"),
    "email": ("E-mail", "E-Mail"),
    "mobile": ("Mobile", "Mobil"),
    "outbox": ("Outbox: mails that would have been sent", "Postausgang: Mails, die gegangen wären"),
    "no-mail": ("No mail.", "Keine Mail."),
    "to": ("to {people}", "an {people}"),
    "MeetingRequest": ("Invitation", "Einladung"),
    "MeetingUpdate": ("Updated invitation", "Geänderte Einladung"),
    "MeetingCancellation": ("Cancellation", "Absage"),
    "MeetingResponse": ("Answer", "Antwort"),
    "Message": ("Message", "Nachricht"),
    "done": ("Done.", "Erledigt."),
    "refusal": ("That did not work: {why}", "Das ging nicht: {why}"),
    "token": ("Access word", "Zugangswort"),
    "token-hint": (
        "It stands in the file that the sandbox writes at its start.",
        "Es steht in der Datei, die die Sandbox beim Start schreibt.",
    ),
    "enter": ("Enter", "Öffnen"),
    "wrong-token": ("That is not the access word.", "Das ist nicht das Zugangswort."),
    "login-page": ("login page (HTML with 200)", "Anmeldeseite (HTML mit 200)"),
    "lost-answer": ("answer lost after the effect", "Antwort geht nach der Wirkung verloren"),
    "reset": ("connection reset before the effect", "Verbindung bricht vor der Wirkung ab"),
    "reset-mid-body": ("reset within the answer", "Abbruch mitten in der Antwort"),
    "truncated": ("half an answer", "halbe Antwort"),
    "broken-xml": ("broken XML", "kaputtes XML"),
    "wrong-xml": ("XML of another kind", "XML anderer Art"),
    "slow": ("slow answer", "langsame Antwort"),
    "drip": ("answer bit by bit", "Antwort Stück für Stück"),
    "ErrorServerBusy": ("throttled (ErrorServerBusy)", "gedrosselt (ErrorServerBusy)"),
}
_DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
}


def language_of(header: str | None) -> str:
    """``de`` or ``en``, whichever an Accept-Language header names first (by its weights)."""
    wishes = []
    for place, part in enumerate((header or "").split(",")):
        name, _, weight = part.partition(";q=")
        try:
            wishes.append((-float(weight or 1), place, name.strip()[:2].lower()))
        except ValueError:
            continue
    return next((name for _, _, name in sorted(wishes) if name in ("de", "en")), "en")


def words_of(language: str) -> Words:
    """Looks up a phrase; an unknown key is shown as it is."""
    column = 1 if language == "de" else 0

    def look_up(key: str, /, **values: object) -> str:
        found = _TABLE.get(key)
        return found[column].format(**values) if found else key

    return look_up


def day_name(language: str, weekday: int) -> str:
    """The name of a day of the week (Monday is 0)."""
    return _DAYS[language][weekday]
