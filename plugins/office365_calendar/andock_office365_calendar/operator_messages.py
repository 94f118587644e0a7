"""The words for what can be wrong with Andock's registration at Microsoft."""

from andock_sdk.listing import message

OPERATOR = {
    "operator.refused": message(
        "Microsoft does not accept Andock's registration.",
        "Microsoft erkennt die Registrierung von Andock nicht an.",
        "The application's id, its secret or its certificate is wrong or has expired. Please tell "
        "the operator of Andock.",
        "Die ID der Anwendung, ihr Geheimnis oder ihr Zertifikat ist falsch oder abgelaufen. Bitte "
        "sagen Sie der Administration von Andock Bescheid.",
    ),
    "operator.certificate": message(
        "Andock's certificate for Microsoft cannot be used.",
        "Das Zertifikat von Andock für Microsoft ist unbrauchbar.",
        "It has to be PEM, with its private key. Please tell the operator of Andock.",
        "Es muss PEM sein, mit seinem privaten Schlüssel. Bitte sagen Sie der Administration von "
        "Andock Bescheid.",
    ),
    "operator.unknown": message(
        "Microsoft does not know Andock's registration.",
        "Microsoft kennt die Registrierung von Andock nicht.",
        "The application (client) ID is not the one of a registration in this directory or "
        "cloud. Please tell the operator of Andock.",
        "Die Anwendungs-ID (Client) gehört zu keiner Registrierung in diesem Verzeichnis oder "
        "dieser Cloud. Bitte sagen Sie der Administration von Andock Bescheid.",
    ),
    "operator.id_form": message(
        "This is no application (client) ID.",
        "Das ist keine Anwendungs-ID (Client).",
        "It has the form 00000000-0000-0000-0000-000000000000 and stands on the "
        "registration's overview page.",
        "Sie hat die Form 00000000-0000-0000-0000-000000000000 und steht auf der "
        "Übersichtsseite der Registrierung.",
    ),
    "operator.secret_missing": message(
        "Microsoft wants a client secret or a certificate.",
        "Microsoft verlangt einen geheimen Clientschlüssel oder ein Zertifikat.",
        "Neither is filled in. Please tell the operator of Andock.",
        "Keins von beiden ist ausgefüllt. Bitte sagen Sie der Administration von Andock Bescheid.",
    ),
    "operator.secret_wrong": message(
        "Microsoft refuses Andock's client secret.",
        "Microsoft lehnt den geheimen Clientschlüssel von Andock ab.",
        "Often the secret's ID was copied instead of its value. Please tell the operator of "
        "Andock: a new secret shows its value once.",
        "Oft wurde die ID des Schlüssels kopiert statt seines Werts. Bitte sagen Sie der "
        "Administration von Andock Bescheid: Ein neuer Schlüssel zeigt seinen Wert einmal.",
    ),
    "operator.secret_id": message(
        "This is the secret's ID, not its value.",
        "Das ist die ID des Schlüssels, nicht sein Wert.",
        "The value is shown only once, right after the secret was made. Make a new one and "
        "copy the column Value.",
        "Der Wert wird nur einmal gezeigt, gleich nachdem der Schlüssel angelegt wurde. Legen "
        "Sie einen neuen an und kopieren Sie die Spalte Wert.",
    ),
    "operator.secret_ended": message(
        "Andock's client secret for Microsoft has ended.",
        "Der geheime Clientschlüssel von Andock ist abgelaufen.",
        "Please tell the operator of Andock to make a new one. Nobody has to reconnect then.",
        "Bitte sagen Sie der Administration von Andock, dass ein neuer nötig ist. Danach muss "
        "sich niemand neu verbinden.",
    ),
    "operator.certificate_unknown": message(
        "Microsoft does not know Andock's certificate.",
        "Microsoft kennt das Zertifikat von Andock nicht.",
        "It is not the one that was uploaded to the registration, or it has ended. Please "
        "tell the operator of Andock.",
        "Es ist nicht das, das zur Registrierung hochgeladen wurde, oder es ist abgelaufen. "
        "Bitte sagen Sie der Administration von Andock Bescheid.",
    ),
    "operator.public": message(
        "Andock is registered as a program without a secret.",
        "Andock ist als Programm ohne Schlüssel registriert.",
        "The registration needs the platform Web, with a secret or a certificate. Please tell "
        "the operator of Andock.",
        "Die Registrierung braucht die Plattform Web, mit einem Schlüssel oder Zertifikat. "
        "Bitte sagen Sie der Administration von Andock Bescheid.",
    ),
    "operator.tenant": message(
        "Microsoft does not know this directory.",
        "Microsoft kennt dieses Verzeichnis nicht.",
        "The directory (tenant) is misspelled, or lies in another cloud. Please tell the "
        "operator of Andock.",
        "Das Verzeichnis (Mandant) ist falsch geschrieben oder liegt in einer anderen Cloud. "
        "Bitte sagen Sie der Administration von Andock Bescheid.",
    ),
    "operator.redirect": message(
        "Microsoft does not know Andock's address to come back to.",
        "Microsoft kennt die Rückkehradresse von Andock nicht.",
        "It has to stand among the registration's redirect URIs, letter for letter, under the "
        "platform Web. Please tell the operator of Andock.",
        "Sie muss Buchstabe für Buchstabe unter den Umleitungs-URIs der Registrierung stehen, "
        "bei der Plattform Web. Bitte sagen Sie der Administration von Andock Bescheid.",
    ),
}
