"""Passwords that cost nothing: what takes long on purpose would take most of a test's time."""

import pytest
from argon2 import PasswordHasher

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same hashes, with parameters that nobody should use."""
    monkeypatch.setattr("andock_core.accounts.passwords._HASHER", CHEAP)
