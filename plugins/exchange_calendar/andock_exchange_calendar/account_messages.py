"""The words for what can go wrong with signing in, the mailbox and single entries."""

from andock_sdk.listing import message

SIGN_IN = {
    "sign_in.refused": message(
        "User name or password is not right.",
        "Benutzername oder Passwort stimmt nicht.",
        "We tried once, so that your account is not locked. Please type the password again. If it "
        "is surely right, try DOMAIN\\user, or ask your IT department whether the server demands "
        "Extended Protection.",
        "Wir haben es nur einmal versucht, damit Ihr Konto nicht gesperrt wird. Bitte geben Sie "
        "das Passwort noch einmal ein. Stimmt es sicher, versuchen Sie DOMÄNE\\Benutzer, oder "
        "fragen Sie Ihre IT-Abteilung, ob der Server erweiterten Schutz verlangt.",
    ),
    "sign_in.password_expired": message(
        "Your password has expired.",
        "Ihr Passwort ist abgelaufen.",
        "Please change it, in Outlook in the browser for instance, and then enter the new one.",
        "Bitte ändern Sie es, zum Beispiel in Outlook im Browser, und geben Sie dann das neue ein.",
    ),
    "sign_in.disabled": message(
        "Your account is disabled.",
        "Ihr Konto ist deaktiviert.",
        "Please ask your IT department.",
        "Bitte wenden Sie sich an Ihre IT-Abteilung.",
    ),
    "sign_in.forbidden": message(
        "Your account may not use this access.",
        "Ihr Konto darf diesen Zugang nicht nutzen.",
        "Please ask your IT department to allow Exchange Web Services for your mailbox.",
        "Bitte lassen Sie Ihre IT-Abteilung die Exchange-Webdienste für Ihr Postfach freigeben.",
    ),
    "sign_in.modern": message(
        "The server demands a modern sign-in.",
        "Der Server verlangt eine moderne Anmeldung.",
        "Signing in with a password is switched off there. Please ask your IT department; if your "
        "mailbox is in Microsoft 365, use Office365 Calendar.",
        "Die Anmeldung mit Passwort ist dort abgeschaltet. Bitte fragen Sie Ihre IT-Abteilung; "
        "liegt Ihr Postfach in Microsoft 365, nehmen Sie Office365 Kalender.",
    ),
    "sign_in.unsupported": message(
        "The server offers no sign-in that we can use.",
        "Der Server bietet keine Anmeldung, die wir nutzen können.",
        "Andock signs in by NTLM or Basic. Please ask your IT department to offer one of them for "
        "Exchange Web Services, without demanding Extended Protection in front of a proxy.",
        "Andock meldet sich mit NTLM oder Basic an. Bitte lassen Sie Ihre IT-Abteilung eines davon "
        "für die Exchange-Webdienste anbieten, ohne erweiterten Schutz vor einem Proxy zu "
        "verlangen.",
    ),
    "sign_in.changed": message(
        "The server now wants another sign-in.",
        "Der Server möchte jetzt eine andere Anmeldung.",
        "Your password has not been sent. Please run the test again.",
        "Ihr Passwort wurde nicht gesendet. Bitte führen Sie den Test noch einmal aus.",
    ),
    "account.other": message(
        "This is another account.",
        "Das ist ein anderes Konto.",
        "This connection belongs to another mailbox. Please sign in to that one, or add a new "
        "connection.",
        "Diese Verbindung gehört zu einem anderen Postfach. Bitte melden Sie sich dort an oder "
        "fügen Sie eine neue Verbindung hinzu.",
    ),
}

MAILBOX = {
    "mailbox.none": message(
        "There is no mailbox for this account.",
        "Zu diesem Konto gibt es kein Postfach.",
        "The sign-in worked. Please ask your IT department on which server your mailbox is.",
        "Die Anmeldung hat geklappt. Bitte fragen Sie Ihre IT-Abteilung, auf welchem Server Ihr "
        "Postfach liegt.",
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
    "throttled": message(
        "The server asks for a pause.",
        "Der Server bittet um eine Pause.",
        "It is busy. Andock comes back by itself.",
        "Er ist ausgelastet. Andock kommt von selbst wieder.",
    ),
    "cursor.lost": message(
        "The server has lost its place in the list.",
        "Der Server hat seine Stelle in der Liste verloren.",
        "Andock compares everything once more. Nothing is deleted because of it.",
        "Andock vergleicht noch einmal alles. Gelöscht wird deswegen nichts.",
    ),
    "transient": message(
        "That did not work this time.",
        "Das hat diesmal nicht geklappt.",
        "Andock tries again by itself.",
        "Andock versucht es von selbst noch einmal.",
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
        "Please tell your IT department that an answer of over 64 MB came.",
        "Bitte sagen Sie Ihrer IT-Abteilung, dass eine Antwort von über 64 MB kam.",
    ),
    "plugin.bug": message(
        "Andock made a mistake.",
        "Andock hat einen Fehler gemacht.",
        "This is not your fault. Please tell the operator of Andock.",
        "Das liegt nicht an Ihnen. Bitte sagen Sie der Administration von Andock Bescheid.",
    ),
}

ITEM = {
    "item.gone": message(
        "The entry is no longer there.",
        "Den Eintrag gibt es nicht mehr.",
        "It was deleted or moved on the other side.",
        "Er wurde auf der anderen Seite gelöscht oder verschoben.",
    ),
    "item.conflict": message(
        "The entry was changed meanwhile.",
        "Der Eintrag wurde inzwischen geändert.",
        "Andock reads it again and merges both changes.",
        "Andock liest ihn neu und führt beide Änderungen zusammen.",
    ),
    "item.unreadable": message(
        "This entry cannot be read.",
        "Dieser Eintrag lässt sich nicht lesen.",
        "Please open it in Outlook. It may be damaged; all others are not affected.",
        "Bitte öffnen Sie ihn in Outlook. Vielleicht ist er beschädigt; alle anderen sind nicht "
        "betroffen.",
    ),
    "item.not_appointment": message(
        "This is no appointment.",
        "Das ist kein Termin.",
        "Something else lies in the calendar's folder. Andock leaves it alone.",
        "Im Ordner des Kalenders liegt etwas anderes. Andock lässt es in Ruhe.",
    ),
    "item.not_contact": message(
        "This is no contact.",
        "Das ist kein Kontakt.",
        "Something else lies in the folder of contacts. Andock leaves it alone.",
        "Im Ordner der Kontakte liegt etwas anderes. Andock lässt es in Ruhe.",
    ),
    "item.website": message(
        "Exchange does not take this website.",
        "Exchange nimmt diese Webseite nicht an.",
        "Please write it like www.company.com or https://www.company.com.",
        "Bitte schreiben Sie sie wie www.firma.de oder https://www.firma.de.",
    ),
    "photo.too_large": message(
        "The picture is too large for Exchange.",
        "Das Bild ist für Exchange zu groß.",
        "Please choose a smaller one.",
        "Bitte wählen Sie ein kleineres.",
    ),
    "item.unrepresentable": message(
        "Exchange cannot hold this entry as it is.",
        "Exchange kann diesen Eintrag so nicht aufnehmen.",
        "Please change it; it stays in Andock until then.",
        "Bitte ändern Sie ihn; bis dahin bleibt er in Andock.",
    ),
    "item.too_long": message(
        "This entry lasts too long for Exchange.",
        "Dieser Eintrag dauert für Exchange zu lange.",
        "An entry may last at most five years. Please shorten it.",
        "Ein Eintrag darf höchstens fünf Jahre dauern. Bitte kürzen Sie ihn.",
    ),
    "item.line_too_long": message(
        "Title or place is too long for Exchange.",
        "Titel oder Ort ist für Exchange zu lang.",
        "Both may have at most 255 characters. The rest fits into the notes.",
        "Beide dürfen höchstens 255 Zeichen haben. Der Rest passt in die Notizen.",
    ),
    "busy.elsewhere": message(
        "Exchange 2010 does not know “working elsewhere”.",
        "Exchange 2010 kennt „an anderem Ort tätig“ nicht.",
        "Please choose busy or away instead.",
        "Bitte wählen Sie stattdessen belegt oder abwesend.",
    ),
    "zone.unknown": message(
        "Exchange does not know this time zone.",
        "Exchange kennt diese Zeitzone nicht.",
        "Please choose another one with the same time.",
        "Bitte wählen Sie eine andere mit derselben Uhrzeit.",
    ),
}

SERIES = {
    "series.rule": message(
        "Exchange cannot repeat an entry like this.",
        "So kann Exchange einen Eintrag nicht wiederholen.",
        "Please choose a simpler rule, such as weekly or monthly. Instead of the 29th, 30th or "
        "31st of each month, take the last day.",
        "Bitte wählen Sie eine einfachere Regel, etwa wöchentlich oder monatlich. Statt am 29., "
        "30. oder 31. jedes Monats nehmen Sie den letzten Tag.",
    ),
    "series.start": message(
        "The series does not begin on one of its own days.",
        "Die Serie beginnt nicht an einem ihrer eigenen Tage.",
        "Please let it begin on a day that its rule names.",
        "Bitte lassen Sie sie an einem Tag beginnen, den ihre Regel nennt.",
    ),
    "series.too_long": message(
        "This series is too long for Exchange.",
        "Diese Serie ist für Exchange zu lang.",
        "It may have at most 999 occurrences. Please let it end earlier, or never.",
        "Sie darf höchstens 999 Termine haben. Bitte lassen Sie sie früher enden oder nie.",
    ),
    "series.too_dense": message(
        "The occurrences overlap.",
        "Die Termine der Serie überschneiden sich.",
        "Each has to end before the next begins. Please shorten them.",
        "Jeder muss enden, bevor der nächste beginnt. Bitte kürzen Sie sie.",
    ),
    "series.crossing": message(
        "An occurrence cannot move past its neighbour.",
        "Ein Termin der Serie kann nicht an seinem Nachbarn vorbei.",
        "Please choose a day between the one before and the one after.",
        "Bitte wählen Sie einen Tag zwischen dem davor und dem danach.",
    ),
    "series.empty": message(
        "This series has no occurrence.",
        "Diese Serie hat keinen einzigen Termin.",
        "Please check its end.",
        "Bitte prüfen Sie ihr Ende.",
    ),
    "series.occurrence": message(
        "The series has no occurrence on this day.",
        "Die Serie hat an diesem Tag keinen Termin.",
        "Please look at its rule: it was changed, perhaps.",
        "Bitte sehen Sie sich ihre Regel an: Vielleicht wurde sie geändert.",
    ),
    "series.foreign_zone": message(
        "Single occurrences of this series can only be changed in Outlook.",
        "Einzelne Termine dieser Serie lassen sich nur in Outlook ändern.",
        "It lies in a time zone that somebody has defined on their own.",
        "Sie liegt in einer Zeitzone, die jemand selbst definiert hat.",
    ),
}
