"""The words for what can go wrong with signing in, the operator's settings and the mailbox."""

from andock_sdk.listing import message

FORM = {
    "username.form": message(
        "This does not look like a mail address.",
        "Das sieht nicht nach einer E-Mail-Adresse aus.",
        "Please write it as name@company.com, or leave it empty and choose at Microsoft.",
        "Bitte schreiben Sie sie als name@firma.de, oder lassen Sie das Feld leer und wählen Sie "
        "bei Microsoft.",
    ),
}

SIGN_IN = {
    "sign_in.declined": message(
        "You did not agree at Microsoft.",
        "Sie haben bei Microsoft nicht zugestimmt.",
        "Everything is as it was before. If that was not meant, go there once more and agree.",
        "Es ist alles, wie es vorher war. War das nicht gewollt, gehen Sie noch einmal dorthin "
        "und stimmen Sie zu.",
    ),
    "approval.needed": message(
        "Your company's Microsoft administrator has to approve Andock first.",
        "Die Microsoft-Administration Ihrer Firma muss Andock erst genehmigen.",
        "Please forward the link to your IT department. Once they have approved, authorize again.",
        "Bitte leiten Sie den Link an Ihre IT-Abteilung weiter. Sobald dort zugestimmt wurde, "
        "autorisieren Sie noch einmal.",
    ),
    "sign_in.expired": message(
        "Microsoft wants you to sign in again.",
        "Microsoft möchte, dass Sie sich neu anmelden.",
        "The access has ended, after a new password or a long pause for instance. Please sign in "
        "again; nothing is lost.",
        "Der Zugang ist abgelaufen, zum Beispiel nach einem neuen Passwort oder einer langen "
        "Pause. Bitte melden Sie sich neu an; es geht nichts verloren.",
    ),
    "sign_in.odd": message(
        "Microsoft's answer does not fit.",
        "Die Antwort von Microsoft passt nicht.",
        "Please authorize again. If it stays so, tell the operator of Andock.",
        "Bitte autorisieren Sie noch einmal. Bleibt es dabei, sagen Sie der Administration von "
        "Andock Bescheid.",
    ),
    "account.other": message(
        "This is another account.",
        "Das ist ein anderes Konto.",
        "This connection belongs to another mailbox. Please sign in to that one, or add a new "
        "connection.",
        "Diese Verbindung gehört zu einem anderen Postfach. Bitte melden Sie sich dort an oder "
        "fügen Sie eine neue Verbindung hinzu.",
    ),
    "access.more": message(
        "This needs another consent at Microsoft.",
        "Dafür ist eine weitere Zustimmung bei Microsoft nötig.",
        "Andock asks for contacts or tasks only when you switch them on. Please go on to "
        "Microsoft.",
        "Andock fragt nach Kontakten oder Aufgaben erst, wenn Sie sie einschalten. Bitte gehen "
        "Sie weiter zu Microsoft.",
    ),
}

SERVER = {
    "server.error": message(
        "Microsoft's server has a problem.",
        "Der Server von Microsoft hat ein Problem.",
        "Andock tries again by itself.",
        "Andock versucht es von selbst noch einmal.",
    ),
    "server.not_graph": message(
        "This is not Microsoft Graph.",
        "Das ist nicht Microsoft Graph.",
        "Something else answers under its address. Please tell the operator of Andock.",
        "Unter seiner Adresse antwortet etwas anderes. Bitte sagen Sie der Administration von "
        "Andock Bescheid.",
    ),
    "answer.broken": message(
        "The server's answer was not whole.",
        "Die Antwort des Servers war nicht vollständig.",
        "Andock tries again by itself.",
        "Andock versucht es von selbst noch einmal.",
    ),
    "answer.too_large": message(
        "The server's answer was too large.",
        "Die Antwort des Servers war zu groß.",
        "Andock reads at most 32 MB at once. Please tell the operator of Andock.",
        "Andock liest höchstens 32 MB auf einmal. Bitte sagen Sie der Administration von Andock "
        "Bescheid.",
    ),
    "throttled": message(
        "Microsoft asks for a pause.",
        "Microsoft bittet um eine Pause.",
        "There were many requests. Andock comes back by itself.",
        "Es waren viele Anfragen. Andock kommt von selbst wieder.",
    ),
    "cursor.lost": message(
        "Microsoft has lost its place in the list.",
        "Microsoft hat seine Stelle in der Liste verloren.",
        "Andock compares everything once more. Nothing is deleted because of it.",
        "Andock vergleicht noch einmal alles. Gelöscht wird deswegen nichts.",
    ),
    "transient": message(
        "That did not work this time.",
        "Das hat diesmal nicht geklappt.",
        "Andock tries again by itself.",
        "Andock versucht es von selbst noch einmal.",
    ),
    "plugin.bug": message(
        "Andock made a mistake.",
        "Andock hat einen Fehler gemacht.",
        "This is not your fault. Please tell the operator of Andock.",
        "Das liegt nicht an Ihnen. Bitte sagen Sie der Administration von Andock Bescheid.",
    ),
}

MAILBOX = {
    "mailbox.none": message(
        "There is no mailbox in Microsoft 365 for this account.",
        "Zu diesem Konto gibt es kein Postfach in Microsoft 365.",
        "The sign-in worked. If your mailbox is on an Exchange Server of your company, add "
        "Exchange Calendar instead; your IT department can tell.",
        "Die Anmeldung hat geklappt. Liegt Ihr Postfach auf einem Exchange Server Ihrer Firma, "
        "fügen Sie stattdessen Exchange Kalender hinzu; Ihre IT-Abteilung weiß das.",
    ),
    "mailbox.full": message(
        "Your mailbox is full.",
        "Ihr Postfach ist voll.",
        "Please delete something in Outlook; the next synchronisation goes on by itself.",
        "Bitte löschen Sie etwas in Outlook; die nächste Synchronisation geht von selbst weiter.",
    ),
    "calendar.no_rights": message(
        "You have no rights to this calendar.",
        "Für diesen Kalender fehlen Ihnen die Rechte.",
        "Please ask its owner or your IT department to share it with you.",
        "Bitte lassen Sie ihn sich von der Eigentümerin oder Ihrer IT-Abteilung freigeben.",
    ),
    "collection.gone": message(
        "The calendar is no longer there.",
        "Den Kalender gibt es nicht mehr.",
        "It was deleted, or is no longer shared with you. Please choose another one.",
        "Er wurde gelöscht oder ist nicht mehr für Sie freigegeben. Bitte wählen Sie einen "
        "anderen.",
    ),
}
