"""The invented companies and people. The first has a mailbox that waits to be connected."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Company:
    """A tenant of the demo."""

    slug: str
    name: str
    domain: str
    language: str = "de"
    zone: str = "Europe/Berlin"


@dataclass(frozen=True)
class Person:
    """A member of a company; `login` is the Windows name of the mailbox, empty without one."""

    email: str
    name: str
    role: str
    company: Company
    login: str
    note: str


MUSTERFIRMA = Company("musterfirma", "Musterfirma", "musterfirma.test")
NORDLICHT = Company("nordlicht", "Nordlicht", "nordlicht.test")
COMPANIES = (MUSTERFIRMA, NORDLICHT)

ANNA = Person(
    "anna@musterfirma.test",
    "Anna Keller",
    "member",
    MUSTERFIRMA,
    "MUSTERFIRMA\\anna",
    "her mailbox waits to be connected",
)
BEN = Person(
    "ben@musterfirma.test",
    "Ben Lorenz",
    "member",
    MUSTERFIRMA,
    "MUSTERFIRMA\\ben",
    "a colleague, connected already",
)
CLARA = Person(
    "clara@musterfirma.test", "Clara Meier", "admin", MUSTERFIRMA, "", "the company's admin"
)
DORA = Person(
    "dora@nordlicht.test",
    "Dora Hansen",
    "member",
    NORDLICHT,
    "NORDLICHT\\dora",
    "another company",
)
EMIL = Person("emil@nordlicht.test", "Emil Petersen", "admin", NORDLICHT, "", "its admin")

PEOPLE = (ANNA, BEN, CLARA, DORA, EMIL)
