"""The words for what goes wrong before a server is talked to, for every plugin's listing."""

from andock_sdk.listing import Message, message

NETWORK: dict[str, Message] = {
    "server.unknown_host": message(
        "There is no server of this name.",
        "Einen Server mit diesem Namen gibt es nicht.",
        "Please check the spelling. If it is right, the server may only be reachable inside your "
        "company; your IT department can tell.",
        "Bitte prüfen Sie die Schreibweise. Stimmt sie, ist der Server vielleicht nur innerhalb "
        "Ihrer Firma erreichbar; Ihre IT-Abteilung weiß das.",
    ),
    "server.refused": message(
        "The server refuses the connection.",
        "Der Server lehnt die Verbindung ab.",
        "The name leads to a machine on which nothing answers at this port. Please check the "
        "server, or ask your IT department.",
        "Der Name führt zu einem Rechner, auf dem an diesem Port nichts antwortet. Bitte prüfen "
        "Sie den Server oder fragen Sie Ihre IT-Abteilung.",
    ),
    "server.timeout": message(
        "The server does not answer.",
        "Der Server antwortet nicht.",
        "Please try again in a few minutes. If it stays silent, a firewall may stand in between; "
        "your IT department can tell.",
        "Bitte versuchen Sie es in einigen Minuten noch einmal. Bleibt er stumm, steht vielleicht "
        "eine Firewall dazwischen; Ihre IT-Abteilung weiß das.",
    ),
    "server.unreachable": message(
        "The connection to the server broke off.",
        "Die Verbindung zum Server ist abgebrochen.",
        "Please try again in a few minutes.",
        "Bitte versuchen Sie es in einigen Minuten noch einmal.",
    ),
    "certificate.expired": message(
        "The server's certificate has expired.",
        "Das Zertifikat des Servers ist abgelaufen.",
        "Your password has not been sent. Please tell your IT department that the certificate has "
        "to be renewed.",
        "Ihr Passwort wurde nicht gesendet. Bitte sagen Sie Ihrer IT-Abteilung, dass das "
        "Zertifikat erneuert werden muss.",
    ),
    "certificate.unknown_issuer": message(
        "We don't know who issued the server's certificate.",
        "Wir kennen den Aussteller des Zertifikats nicht.",
        "Your password has not been sent. Your company's Andock admin can approve this "
        "certificate, or add your company's certificate authority.",
        "Ihr Passwort wurde nicht gesendet. Die Andock-Administration Ihres Unternehmens kann "
        "dieses Zertifikat freigeben oder die Zertifizierungsstelle Ihres Unternehmens hinzufügen.",
    ),
    "certificate.wrong_name": message(
        "The certificate belongs to another name.",
        "Das Zertifikat gehört zu einem anderen Namen.",
        "Your password has not been sent. Please check the server's name: it has to be one that "
        "stands in its certificate.",
        "Ihr Passwort wurde nicht gesendet. Bitte prüfen Sie den Servernamen: Es muss einer sein, "
        "der im Zertifikat steht.",
    ),
    "certificate.no_tls": message(
        "No secure connection comes about.",
        "Eine sichere Verbindung kommt nicht zustande.",
        "The server and Andock don't agree on an encryption, or the port is not one for https. "
        "Please ask your IT department.",
        "Server und Andock einigen sich nicht auf eine Verschlüsselung, oder der Port ist nicht "
        "für https gedacht. Bitte fragen Sie Ihre IT-Abteilung.",
    ),
    "egress.refused": message(
        "Andock may not call this address.",
        "Andock darf diese Adresse nicht aufrufen.",
        "The operator of Andock has ruled it out, for instance because it lies in an internal "
        "network. Please ask them to allow it.",
        "Die Administration von Andock hat sie ausgeschlossen, zum Beispiel weil sie in einem "
        "internen Netz liegt. Bitte lassen Sie sie dort freigeben.",
    ),
    "certificate.changed": message(
        "The server shows another certificate than the approved one.",
        "Der Server zeigt ein anderes Zertifikat als das freigegebene.",
        "Your password has not been sent. If your IT department has renewed the certificate, ask "
        "your company's Andock admin to approve the new one.",
        "Ihr Passwort wurde nicht gesendet. Hat Ihre IT-Abteilung das Zertifikat erneuert, bitten "
        "Sie die Andock-Administration Ihres Unternehmens, das neue freizugeben.",
    ),
}
