"""The vault: what is sealed opens for exactly its label."""

import pytest
from cryptography.fernet import Fernet
from hypothesis import given, strategies as st

from andock_core.vault import Label, SealBroken, Vault

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
LABEL = Label(tenant="t1", owner="anna", kind="entry.sealed", id="e1")
labels = st.builds(Label, tenant=st.text(), owner=st.text(), kind=st.text(), id=st.text())


@given(label=labels, data=st.binary())
def test_what_is_sealed_opens_for_its_label(label: Label, data: bytes) -> None:
    vault = Vault([OLD])
    assert vault.open(label, vault.seal(label, data)) == data


@given(label=labels, other=labels)
def test_it_opens_for_no_other_label(label: Label, other: Label) -> None:
    vault = Vault([OLD])
    sealed = vault.seal(label, b"x")
    if label == other:
        assert vault.open(other, sealed) == b"x"
    else:
        with pytest.raises(SealBroken):
            vault.open(other, sealed)


def test_the_sealed_form_shows_neither_label_nor_content() -> None:
    sealed = Vault([OLD]).seal(LABEL, b"Zahnarzt")
    assert b"Zahnarzt" not in sealed
    assert b"anna" not in sealed


def test_a_ring_with_a_new_first_key_opens_what_the_old_key_sealed() -> None:
    sealed = Vault([OLD]).seal(LABEL, b"x")
    assert Vault([NEW, OLD]).open(LABEL, sealed) == b"x"


def test_what_was_rotated_opens_without_the_old_key() -> None:
    sealed = Vault([NEW, OLD]).rotate(Vault([OLD]).seal(LABEL, b"x"))
    assert Vault([NEW]).open(LABEL, sealed) == b"x"


def test_another_ring_does_not_open_it_and_the_error_does_not_show_content() -> None:
    with pytest.raises(SealBroken) as caught:
        Vault([NEW]).open(LABEL, Vault([OLD]).seal(LABEL, b"secret"))
    assert "secret" not in str(caught.value)


def test_a_vault_without_keys_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one key"):
        Vault([])
