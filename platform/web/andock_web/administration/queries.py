"""Members as the page lists them."""

from dataclasses import dataclass

from andock_core.accounts import administration, initials
from andock_core.accounts.administration import Account
from andock_web import current

PAGE = 50
STATES = ("active", "deactivated", "admins")


@dataclass(frozen=True)
class Found:
    """A page of members. `total`: all that the search chooses; `pages` counts from 1."""

    rows: list[Account]
    total: int
    number: int
    pages: int


def find(text: str, state: str, number: int) -> Found:
    """The company's members by name, those whose name or address has the text."""
    every = administration.accounts_of(current.core().storage, current.scope())
    wanted = text.casefold().split()
    chosen = [one for one in every if _is(one, state) and _has(one, wanted)]
    pages = max(1, -(-len(chosen) // PAGE))
    number = min(max(1, number), pages)
    return Found(chosen[(number - 1) * PAGE : number * PAGE], len(chosen), number, pages)


def letters(account: Account) -> str:
    """The initials for the picture."""
    return initials(account.name)


def _is(account: Account, state: str) -> bool:
    if state == "admins":
        return account.active and account.role == "admin"
    return state not in STATES or account.active == (state == "active")


def _has(account: Account, wanted: list[str]) -> bool:
    heard = f"{account.name} {account.email}".casefold()
    return all(word in heard for word in wanted)
