"""The contacts in the invented people's mailboxes. Numbers are of ranges kept free for films."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from andock_demo.people import ANNA, BEN
from andock_demo.portraits import Colour, portrait

_LIGHT: Colour = (245, 240, 232)
_GROUNDS: dict[str, Colour] = {
    "blue": (43, 92, 153),
    "green": (47, 118, 92),
    "plum": (124, 63, 112),
    "rust": (166, 84, 47),
    "slate": (74, 88, 108),
}


@dataclass(frozen=True)
class Card:
    """A person. `fields` are the sandbox's further keywords; `ground` gives a picture."""

    given: str
    surname: str
    company: str = ""
    job: str = ""
    email: str = ""
    mobile: str = ""
    birthday: date | None = None
    ground: str = ""
    fields: dict[str, Any] = field(default_factory=dict)

    def entry(self) -> dict[str, Any]:
        """The keywords for the sandbox's address book."""
        made: dict[str, Any] = {
            "given_name": self.given,
            "surname": self.surname,
            "display_name": f"{self.given} {self.surname}",
            "company_name": self.company,
            "job_title": self.job,
        }
        if self.email:
            made["emails"] = {"EmailAddress1": self.email}
        if self.mobile:
            made["phones"] = {"MobilePhone": self.mobile}
        if self.birthday:
            made["birthday"] = self.birthday
        if self.ground:
            made["photo"] = portrait(_GROUNDS[self.ground], _LIGHT)
        return {key: value for key, value in (made | self.fields).items() if value}


def _home(street: str, postcode: str, city: str) -> dict[str, dict[str, str]]:
    return {
        "Home": {
            "Street": street,
            "PostalCode": postcode,
            "City": city,
            "CountryOrRegion": "Deutschland",
        }
    }


def _office(street: str, postcode: str, city: str, country: str = "Deutschland") -> Any:
    return {"Business": {**_home(street, postcode, city)["Home"], "CountryOrRegion": country}}


ANNAS = (
    Card(
        "Jens",
        "Petersen",
        "Hafenamt Hamburg",
        "Genehmigungen",
        mobile="+49 151 23456701",
        ground="slate",
        fields={
            "emails": {
                "EmailAddress1": ("Jens Petersen", "jens.petersen@hafenamt.test"),
                "EmailAddress2": ("Poststelle", "genehmigung@hafenamt.test"),
            },
            "phones": {"BusinessPhone": "+49 40 66969701", "MobilePhone": "+49 151 23456701"},
            "addresses": _office("Versmannkai 4", "20457", "Hamburg"),
            "categories": ["Hafencity"],
        },
    ),
    Card(
        "Miriam",
        "Vogt",
        "Vogt Architekten",
        "Inhaberin",
        "vogt@architekten.test",
        birthday=date(1978, 9, 14),
        ground="plum",
        fields={
            "title": "Dr.",
            "phones": {
                "BusinessPhone": "+49 40 66969710",
                "BusinessFax": "+49 40 66969711",
                "MobilePhone": "+49 151 23456702",
            },
            "addresses": _office("Große Elbstraße 68", "22767", "Hamburg"),
            "business_home_page": "https://www.architekten.test",
            "notes": "Nur vormittags im Büro.\nPläne immer auch auf Papier.",
            "categories": ["Hafencity"],
        },
    ),
    Card(
        "Sarah",
        "Lin",
        "Portland Office",
        "Product Lead",
        "sarah.lin@portland.test",
        "+1 503 555 0142",
        ground="green",
        fields={"addresses": _office("1 SW Main St", "97204", "Portland", "USA")},
    ),
    Card("Gerda", "Keller", birthday=date(1949, 12, 2), ground="rust", fields={
        "nickname": "Oma Gerda",
        "phones": {"HomePhone": "+49 40 66969720"},
        "addresses": _home("Lindenallee 12", "22391", "Hamburg"),
        "categories": ["Familie"],
    }),
    Card("Tobias", "Keller", email="tobias@keller.test", mobile="+49 151 23456704",
         birthday=date(1981, 5, 23), ground="blue", fields={"categories": ["Familie"]}),
    Card("Özlem", "Aydın", "Kita Sonnenschein", "Leitung", "kita@sonnenschein.test",
         fields={"phones": {"BusinessPhone": "+49 40 66969730"}}),
    Card("Petra", "Brandt", "Zahnarztpraxis Dr. Brandt", fields={
        "title": "Dr.", "phones": {"BusinessPhone": "+49 40 66969731"},
        "addresses": _office("Lange Reihe 12", "20099", "Hamburg"),
    }),
    Card("Henrik", "Sørensen", "Nordwerft", "Einkauf", "h.soerensen@nordwerft.test",
         "+49 151 23456706"),
    Card("Katharina", "Wolff", "Spreewerke", "Geschäftsführerin", "wolff@spreewerke.test",
         "+49 151 23456707", fields={"addresses": _office("Stralauer Allee 2", "10245", "Berlin")}),
    Card("Michael", "Chen", "Lieferhaus New York", "Sales", "m.chen@lieferhaus.test",
         "+1 212 555 0117"),
    Card("Haruka", "Tanaka", "Tanaka Design", "Designerin", "haruka@tanaka.test",
         "+81 3 5550 0123"),
    Card("Lukas", "Baumann", "Schulungen Musterfirma", "Trainer", "schulungen@musterfirma.test"),
    Card("Sabine", "Richter", "Steuerkanzlei Richter & Partner", "Steuerberaterin",
         "kanzlei@richter.test", fields={"phones": {"BusinessPhone": "+49 40 66969740"}}),
    Card("Elif", "Demir", email="elif.demir@familie.test", mobile="+49 151 23456710",
         birthday=date(1983, 2, 28), fields={"categories": ["Familie"], "nickname": "Eli"}),
    Card("Jonathan", "Weiß", "Elbe Catering", "Veranstaltungen", "j.weiss@elbe-catering.test",
         "+49 151 23456711"),
    Card("Maria", "da Silva", "Hansa Bank", "Kundenberatung", "dasilva@hansabank.test",
         fields={"phones": {"BusinessPhone": "+49 40 66969750"}}),
    Card("Frank", "Zimmermann", "Autohaus Nord", "Werkstatt", "werkstatt@autohaus-nord.test",
         fields={"phones": {"BusinessPhone": "+49 40 66969751"}}),
    Card("Xaver", "Huber", "Messebau Huber", "Projektleitung", "x.huber@messebau.test",
         "+49 151 23456713"),
    Card("Nadia", "El-Amrani", "Klavierschule Eppendorf", "Klavierlehrerin",
         "nadia@klavierschule.test", "+49 151 23456714"),
    Card("Clara", "Meier", "Musterfirma", "IT", "clara@musterfirma.test"),
    Card("Ben", "Lorenz", "Musterfirma", "Support", BEN.email, "+49 151 23456715"),
)  # fmt: skip

BENS = (
    Card("Anna", "Keller", "Musterfirma", "Projektleitung", ANNA.email, ground="green"),
    Card("Jens", "Petersen", "Hafenamt Hamburg", email="jens.petersen@hafenamt.test"),
    Card("Sven", "Albers", email="sven@albers.test", mobile="+49 151 23456720",
         birthday=date(1990, 7, 7), fields={"nickname": "Albi"}),
    Card("Yvonne", "Krüger", "Physiotherapie Krüger", "Physiotherapeutin",
         fields={"phones": {"BusinessPhone": "+49 40 66969760"}}),
    Card("Ralf", "Thomsen", "Thomsen Immobilien", "Makler", "thomsen@immobilien.test",
         "+49 151 23456721"),
    Card("Iris", "Jansen", "Serverhaus", "Technik", "i.jansen@serverhaus.test"),
)  # fmt: skip

PRIVATE = (
    Card("Wiebke", "Harms", email="wiebke@harms.test", mobile="+49 151 23456730",
         birthday=date(1982, 11, 30)),
    Card("Carlos", "Ortega", email="carlos@ortega.test", mobile="+34 600 555 012"),
)  # fmt: skip

BOOKS = {ANNA.email: (("", ANNAS), ("Privat", PRIVATE)), BEN.email: (("", BENS),)}
"""Folders by name; the mailbox's own has none."""
