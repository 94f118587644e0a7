"""Tenants, members and their passwords (andock_core.accounts)."""

import pytest
from argon2 import PasswordHasher

from andock_core import accounts
from andock_core.accounts import sessions
from andock_core.accounts.passwords import hash_password, matches
from andock_core.core import Core
from andock_core.storage import Member, Scope
from tests.web.conftest import PASSWORD, People


def test_a_member_signs_in_whatever_the_case_of_the_address(core: Core, people: People) -> None:
    """E-mail addresses are compared without regard to case and blanks around them."""
    member = accounts.sign_in(core.storage, " Anna@Musterfirma.TEST ", PASSWORD)
    assert member is not None
    assert (member.id, member.tenant_name) == (people.anna, "Musterfirma")
    assert (member.language, member.zone, member.initials) == ("de", "Europe/Berlin", "AK")


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("anna@musterfirma.test", "falsch"),
        ("anna@musterfirma.test", ""),
        ("anna@musterfirma.test", "x" * 5000),
        ("nobody@musterfirma.test", PASSWORD),
        ("", ""),
    ],
)
def test_a_wrong_sign_in_is_nobody(core: Core, people: People, email: str, password: str) -> None:
    """Neither the address nor the password alone is enough."""
    assert accounts.sign_in(core.storage, email, password) is None


def test_an_unknown_address_costs_a_hash_too(
    core: Core, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How long a refusal takes does not tell whether the address is known."""
    checked: list[str] = []

    def check(stored: str, password: str) -> bool:
        checked.append(stored.partition("$v=")[0])
        return matches(stored, password)

    monkeypatch.setattr("andock_core.accounts.signing_in.matches", check)
    accounts.sign_in(core.storage, "nobody@musterfirma.test", PASSWORD)
    accounts.sign_in(core.storage, "anna@musterfirma.test", "falsch")
    assert checked == ["$argon2id", "$argon2id"]


def test_a_deactivated_member_does_not_sign_in(core: Core, people: People) -> None:
    """Who left the company is nobody, and their session has ended."""
    anna = accounts.sign_in(core.storage, "anna@musterfirma.test", PASSWORD)
    assert anna is not None
    session_id = sessions.begin(core.storage, anna, "")
    with core.storage.write(Scope(people.home)) as session:
        session.get_one(Member, people.anna).active = False
    assert accounts.sign_in(core.storage, "anna@musterfirma.test", PASSWORD) is None
    assert sessions.load(core.storage, session_id, 0) is None


def test_an_outdated_hash_is_renewed(core: Core, people: People) -> None:
    """A hash of other parameters becomes today's at the next sign-in, and still fits."""
    weak = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash(PASSWORD)
    with core.storage.write(Scope(people.home)) as session:
        session.get_one(Member, people.anna).password_hash = weak
    assert accounts.sign_in(core.storage, "anna@musterfirma.test", PASSWORD)
    with core.storage.read(Scope(people.home)) as session:
        assert session.get_one(Member, people.anna).password_hash != weak
    assert accounts.sign_in(core.storage, "anna@musterfirma.test", PASSWORD)


def test_a_password_typed_decomposed_is_the_same(core: Core, people: People) -> None:
    """Macs may send "ü" as two characters."""
    accounts.create_member(core.storage, people.home, "uwe@x.test", "Uwe", "grüne Wiese 12")
    assert accounts.sign_in(core.storage, "uwe@x.test", "gru\u0308ne Wiese 12")


@pytest.mark.parametrize(
    ("password", "error"),
    [("kurz", accounts.PasswordTooShort), ("x" * 1001, accounts.PasswordTooLong)],
)
def test_the_policy_for_new_passwords(
    core: Core, people: People, password: str, error: type[Exception]
) -> None:
    """Twelve characters at least, a thousand at most."""
    with pytest.raises(error):
        accounts.create_member(core.storage, people.home, "new@x.test", "New", password)


def test_an_address_signs_in_to_one_tenant(core: Core, people: People) -> None:
    """The same address cannot be made twice, in no tenant."""
    with pytest.raises(accounts.EmailTaken):
        accounts.create_member(
            core.storage, people.elsewhere, "ANNA@musterfirma.test", "Anna", PASSWORD
        )


def test_a_tenant_is_checked(core: Core, people: People) -> None:
    """A slug is unique and plain, a zone exists, a language is spoken."""
    with pytest.raises(accounts.SlugTaken):
        accounts.create_tenant(core.storage, "musterfirma", "Again")
    for slug, language, zone in (
        ("Muster Firma", "de", "Europe/Berlin"),
        ("new", "fr", "Europe/Berlin"),
        ("new", "de", "Europe/Atlantis"),
    ):
        with pytest.raises(accounts.Unusable):
            accounts.create_tenant(core.storage, slug, "New", language, zone)


def test_a_member_needs_a_tenant_an_address_and_a_known_role(core: Core, people: People) -> None:
    """What cannot be is refused before it is stored."""
    for tenant_id, email, role in (
        ("0" * 32, "new@x.test", "member"),
        (people.home, "no address", "member"),
        (people.home, "new@x.test", "king"),
    ):
        with pytest.raises(accounts.Unusable):
            accounts.create_member(core.storage, tenant_id, email, "New", PASSWORD, role)


def test_colleagues_are_those_of_the_own_tenant(core: Core, people: People) -> None:
    """Not oneself, and nobody of another company."""
    with core.storage.read(Scope(people.home, people.anna)) as session:
        found = accounts.colleagues(session)
    assert [(each.id, each.name, each.initials) for each in found] == [
        (people.ben, "Ben Lorenz", "BL")
    ]


def test_real_hashes_are_argon2id_and_costly() -> None:
    """As RFC 9106 recommends where memory is short: 64 MiB, three passes."""
    assert hash_password(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,")


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Anna Krüger", "AK"), ("Anna Maria von Krüger", "AK"), ("Zoe", "ZO"), ("…", "?"), ("", "?")],
)
def test_initials(name: str, letters: str) -> None:
    """Two letters, of the first and the last word."""
    assert accounts.initials(name) == letters
