"""Several at once, on both databases."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from andock_core.accounts import EmailTaken, administration, create_member, first, links
from andock_core.accounts.errors import AlreadyBegun, LastAdmin, NoSuchLink
from andock_core.core import Core
from andock_core.storage import SYSTEM, Member, Scope, Tenant
from tests.administration.acts import GOOD, JOINING
from tests.administration.test_first import FORM
from tests.support.cheap import cheap_passwords
from tests.support.databases import database_url

__all__ = ["database_url"]


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is at stake here is not the hashing."""
    cheap_passwords(monkeypatch)


def at_once(acts: list[Callable[[], object]], refusals: tuple[type[Exception], ...]) -> list[str]:
    """Do all of it at the same time; how each ended, sorted."""
    together, ended = threading.Barrier(len(acts)), []

    def one(act: Callable[[], object]) -> None:
        together.wait()
        try:
            act()
            ended.append("done")
        except refusals:
            ended.append("refused")

    threads = [threading.Thread(target=one, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(ended)


def test_one_begins(core: Core) -> None:
    def begin(number: int) -> Callable[[], object]:
        fields = {**FORM, "email": f"ada{number}@mueller.test"}
        return lambda: first.begin(core.storage, core.settings.home, password=GOOD, **fields)

    ended = at_once([begin(number) for number in range(4)], (AlreadyBegun,))
    assert ended == ["done", *["refused"] * 3]
    with core.storage.read(SYSTEM) as session:
        assert session.scalar(select(func.count(Tenant.id))) == 1
        assert session.scalar(select(func.count(Member.id))) == 1


def begun(core: Core) -> Scope:
    """A company with its admin."""
    ada = first.begin(core.storage, core.settings.home, password=GOOD, **FORM)
    with core.storage.read(SYSTEM) as session:
        return Scope(session.scalars(select(Tenant.id)).one(), ada)


def test_one_joins(core: Core) -> None:
    made = links.invite(core.storage, begun(core), "bo@mueller.test")
    acts: list[Callable[[], object]] = [
        lambda: links.accept(core.storage, made.secret, password=GOOD, **JOINING)
    ] * 3
    assert at_once(acts, (NoSuchLink, EmailTaken)) == ["done", "refused", "refused"]


def test_two_admins_do_not_demote_each_other(core: Core) -> None:
    ada = begun(core)
    bo = create_member(core.storage, ada.tenant_id, "bo@mueller.test", "Bo", GOOD, "admin")
    acts: list[Callable[[], object]] = [
        lambda: administration.set_role(core.storage, ada, bo, "member"),
        lambda: administration.deactivate(core, Scope(ada.tenant_id, bo), ada.member_id),
    ]
    assert at_once(acts, (LastAdmin,)) == ["done", "refused"]
