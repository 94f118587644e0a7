"""The words for what can go wrong with single entries and series."""

from andock_sdk.listing import message

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
    "item.unrepresentable": message(
        "Microsoft 365 cannot hold this entry as it is.",
        "Microsoft 365 kann diesen Eintrag so nicht aufnehmen.",
        "Please change it; it stays in Andock until then.",
        "Bitte ändern Sie ihn; bis dahin bleibt er in Andock.",
    ),
    "item.too_long": message(
        "This entry lasts too long for Microsoft 365.",
        "Dieser Eintrag dauert für Microsoft 365 zu lange.",
        "An entry may last at most five years. Please shorten it.",
        "Ein Eintrag darf höchstens fünf Jahre dauern. Bitte kürzen Sie ihn.",
    ),
    "zone.unknown": message(
        "Microsoft 365 does not know this time zone.",
        "Microsoft 365 kennt diese Zeitzone nicht.",
        "Please choose another one with the same time.",
        "Bitte wählen Sie eine andere mit derselben Uhrzeit.",
    ),
}

SERIES = {
    "series.rule": message(
        "Outlook cannot repeat an entry like this.",
        "So kann Outlook einen Eintrag nicht wiederholen.",
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
        "This series is too long for Outlook.",
        "Diese Serie ist für Outlook zu lang.",
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
        "This series can only be changed in Outlook.",
        "Diese Serie lässt sich nur in Outlook ändern.",
        "It lies in a time zone that somebody has defined on their own.",
        "Sie liegt in einer Zeitzone, die jemand selbst definiert hat.",
    ),
}
