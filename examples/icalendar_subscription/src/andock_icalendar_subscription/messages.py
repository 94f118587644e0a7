"""The words for every error key that the hooks may answer with, in English and German."""

from andock_sdk.listing import Message, message
from andock_sdk.network_messages import NETWORK

_FORM = {
    "url.missing": message(
        "The address is missing.",
        "Die Adresse fehlt.",
        "Copy it from the page or program that publishes the calendar.",
        "Kopieren Sie sie aus der Seite oder dem Programm, das den Kalender veröffentlicht.",
    ),
    "url.form": message(
        "This is not a calendar's address.",
        "Das ist keine Adresse eines Kalenders.",
        "It begins with https:// or webcal://. Copy it as a whole.",
        "Sie beginnt mit https:// oder webcal://. Kopieren Sie sie ganz.",
    ),
    "url.not_https": message(
        "This address is not protected.",
        "Diese Adresse ist nicht geschützt.",
        "Andock fetches calendars over https:// only. Try the same address with https.",
        "Andock holt Kalender nur über https://. Versuchen Sie dieselbe Adresse mit https.",
    ),
    "user.colon": message(
        "A user name has no colon.",
        "Ein Benutzername hat keinen Doppelpunkt.",
        "Write the password into its own field.",
        "Schreiben Sie das Passwort in sein eigenes Feld.",
    ),
}
_SERVER = {
    "sign_in.refused": message(
        "The calendar wants a user name and a password, or refused these.",
        "Der Kalender verlangt Benutzername und Passwort oder hat diese abgelehnt.",
        "Check both and test again. They were tried once.",
        "Prüfen Sie beides und testen Sie erneut. Es wurde einmal versucht.",
    ),
    "feed.forbidden": message(
        "The server does not hand out this calendar.",
        "Der Server gibt diesen Kalender nicht heraus.",
        "Ask whoever publishes it whether it is still shared with you.",
        "Fragen Sie, wer ihn veröffentlicht, ob er noch für Sie freigegeben ist.",
    ),
    "feed.gone": message(
        "There is no calendar at this address any more.",
        "Unter dieser Adresse gibt es keinen Kalender mehr.",
        "What was imported stays. If it has a new address, disconnect this one and add that.",
        "Das Importierte bleibt. Hat er eine neue Adresse, trennen Sie diese Verbindung und fügen "
        "Sie die neue hinzu.",
    ),
    "feed.refused": message(
        "The server refused the request.",
        "Der Server hat die Anfrage abgelehnt.",
        "Check the address; it may be incomplete.",
        "Prüfen Sie die Adresse; vielleicht ist sie unvollständig.",
    ),
    "feed.redirects": message(
        "The address leads in a circle.",
        "Die Adresse führt im Kreis.",
        "Copy the calendar's address anew from where it is published.",
        "Kopieren Sie die Adresse des Kalenders neu von dort, wo er veröffentlicht ist.",
    ),
    "feed.insecure": message(
        "The address leads to one that is not protected.",
        "Die Adresse führt zu einer, die nicht geschützt ist.",
        "Andock follows https:// only. Ask whoever publishes the calendar.",
        "Andock folgt nur https://. Fragen Sie, wer den Kalender veröffentlicht.",
    ),
    "feed.unavailable": message(
        "The calendar cannot be fetched right now.",
        "Der Kalender lässt sich gerade nicht abholen.",
        "Nothing was changed. Andock tries again by itself.",
        "Es wurde nichts geändert. Andock versucht es von selbst wieder.",
    ),
}
_CONTENT = {
    "feed.not_calendar": message(
        "What is at this address is not a calendar.",
        "Unter dieser Adresse liegt kein Kalender.",
        "It may be a web page, or one to sign in on. Nothing was changed here.",
        "Vielleicht ist es eine Webseite oder eine Anmeldung. Hier wurde nichts geändert.",
    ),
    "feed.cut": message(
        "The calendar ended in the middle.",
        "Der Kalender brach mittendrin ab.",
        "Nothing was changed. Andock tries again by itself.",
        "Es wurde nichts geändert. Andock versucht es von selbst wieder.",
    ),
    "feed.empty": message(
        "The calendar is suddenly empty.",
        "Der Kalender ist plötzlich leer.",
        "What was imported stays until entries appear again. If it is meant to be empty, "
        "disconnect it and let the entries go.",
        "Das Importierte bleibt, bis wieder Einträge da sind. Soll er leer sein, trennen Sie die "
        "Verbindung und lassen Sie die Einträge gehen.",
    ),
    "feed.too_large": message(
        "This calendar is too large.",
        "Dieser Kalender ist zu groß.",
        "Up to 20 MB and 20,000 entries are read. Publish a part of it.",
        "Gelesen werden bis zu 20 MB und 20.000 Einträge. Veröffentlichen Sie einen Teil davon.",
    ),
    "feed.read_only": message(
        "A published calendar can only be read.",
        "Ein veröffentlichter Kalender lässt sich nur lesen.",
        "Change the entry where it is kept.",
        "Ändern Sie den Eintrag dort, wo er geführt wird.",
    ),
    "item.broken": message(
        "it is not written as a calendar entry should be",
        "er ist nicht so geschrieben, wie es sich für einen Eintrag gehört",
        "Whoever publishes the calendar can mend it; the other entries are there.",
        "Wer den Kalender veröffentlicht, kann ihn berichtigen; die anderen Einträge sind da.",
    ),
    "item.zone": message(
        "its time zone is unknown",
        "seine Zeitzone ist unbekannt",
        "Andock does not guess a time. Whoever publishes the calendar can mend it.",
        "Andock rät keine Uhrzeit. Wer den Kalender veröffentlicht, kann es berichtigen.",
    ),
    "item.rule": message(
        "it repeats in a way that Andock cannot hold exactly",
        "er wiederholt sich auf eine Weise, die Andock nicht genau abbilden kann",
        "The other entries are there.",
        "Die anderen Einträge sind da.",
    ),
}

MESSAGES: dict[str, Message] = {**NETWORK, **_FORM, **_SERVER, **_CONTENT}
