"""The words for what can go wrong with the connection: what happened, and what to do next."""

from andock_sdk.listing import message

FORM = {
    "username.missing": message(
        "The user name is missing.",
        "Der Benutzername fehlt.",
        "Please enter your mail address, or DOMAIN\\user.",
        "Bitte geben Sie Ihre E-Mail-Adresse ein oder DOMÄNE\\Benutzer.",
    ),
    "username.form": message(
        "This does not look like a user name.",
        "Das sieht nicht nach einem Benutzernamen aus.",
        "Please write it as name@company.com or as DOMAIN\\name.",
        "Bitte schreiben Sie ihn als name@firma.de oder als DOMÄNE\\name.",
    ),
    "password.missing": message(
        "The password is missing.",
        "Das Passwort fehlt.",
        "Please enter the password that you use for Outlook.",
        "Bitte geben Sie das Passwort ein, das Sie für Outlook verwenden.",
    ),
    "server.form": message(
        "This does not look like a server name.",
        "Das sieht nicht nach einem Servernamen aus.",
        "Please enter a name such as mail.company.com, or the address at which you open Outlook "
        "in the browser.",
        "Bitte geben Sie einen Namen wie mail.firma.de ein oder die Adresse, unter der Sie "
        "Outlook im Browser öffnen.",
    ),
}

SEARCH = {
    "search.needs_address": message(
        "The search needs your mail address.",
        "Die Suche braucht Ihre E-Mail-Adresse.",
        "DOMAIN\\user does not say where your mailbox is. Please enter your mail address as the "
        "user name, or type in the server yourself.",
        "Aus DOMÄNE\\Benutzer geht nicht hervor, wo Ihr Postfach liegt. Bitte geben Sie Ihre "
        "E-Mail-Adresse als Benutzernamen ein oder tragen Sie den Server selbst ein.",
    ),
    "search.nothing": message(
        "We did not find your server.",
        "Wir haben Ihren Server nicht gefunden.",
        "Please ask your IT department for the name of the Exchange server and type it in.",
        "Bitte fragen Sie Ihre IT-Abteilung nach dem Namen des Exchange Servers und tragen Sie "
        "ihn ein.",
    ),
    "search.other_domain": message(
        "Your server belongs to another domain.",
        "Ihr Server gehört zu einer anderen Domain.",
        "Your password has not been sent there. Use the server named below only if you know it; "
        "if not, ask your IT department.",
        "Ihr Passwort wurde dorthin nicht gesendet. Nutzen Sie den unten genannten Server nur, "
        "wenn Sie ihn kennen; wenn nicht, fragen Sie Ihre IT-Abteilung.",
    ),
    "search.redirected": message(
        "Your server sends us on to another one.",
        "Ihr Server schickt uns zu einem anderen weiter.",
        "Your password has not been sent there. Use the server named below only if you know it; "
        "if not, ask your IT department.",
        "Ihr Passwort wurde dorthin nicht gesendet. Nutzen Sie den unten genannten Server nur, "
        "wenn Sie ihn kennen; wenn nicht, fragen Sie Ihre IT-Abteilung.",
    ),
    "mailbox.online": message(
        "Your mailbox is in Exchange Online.",
        "Ihr Postfach liegt in Exchange Online.",
        "Microsoft has ended signing in there with a password. Please add Office365 Calendar "
        "instead: you then sign in with Microsoft.",
        "Microsoft hat dort die Anmeldung mit Passwort beendet. Bitte fügen Sie stattdessen "
        "Office365 Kalender hinzu: Dort melden Sie sich bei Microsoft an.",
    ),
}

SERVER = {
    "server.error": message(
        "The server reports a fault of its own.",
        "Der Server meldet eine eigene Störung.",
        "This usually passes. If it does not, please tell your IT department.",
        "Das geht meist vorüber. Wenn nicht, sagen Sie bitte Ihrer IT-Abteilung Bescheid.",
    ),
    "server.redirects": message(
        "The server sends us elsewhere.",
        "Der Server schickt uns woandershin.",
        "For the sake of your password we don't follow. Please ask your IT department for the "
        "server's address for Exchange Web Services.",
        "Ihrem Passwort zuliebe folgen wir nicht. Bitte fragen Sie Ihre IT-Abteilung nach der "
        "Adresse des Servers für die Exchange-Webdienste.",
    ),
    "server.login_page": message(
        "The server answers with a sign-in page.",
        "Der Server antwortet mit einer Anmeldeseite.",
        "There is a website where Exchange Web Services should be. Please ask your IT department "
        "whether they are published, and at which address.",
        "Wo die Exchange-Webdienste sein sollten, ist eine Webseite. Bitte fragen Sie Ihre "
        "IT-Abteilung, ob und unter welcher Adresse sie veröffentlicht sind.",
    ),
    "server.not_exchange": message(
        "There is no Exchange Server at this address.",
        "Unter dieser Adresse ist kein Exchange Server.",
        "Please check the server's name. The one that you use for Outlook in the browser is "
        "usually right.",
        "Bitte prüfen Sie den Namen des Servers. Meist ist es der, den Sie für Outlook im Browser "
        "verwenden.",
    ),
    "server.too_old": message(
        "This Exchange Server is too old.",
        "Dieser Exchange Server ist zu alt.",
        "Andock works with Exchange Server 2010 and newer. Your IT department can say whether a "
        "newer server is planned.",
        "Andock arbeitet mit Exchange Server 2010 und neuer. Ihre IT-Abteilung kann sagen, ob ein "
        "neuerer Server geplant ist.",
    ),
}
