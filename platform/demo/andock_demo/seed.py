"""Fills Andock with the invented companies and people: `python -m andock_demo.seed STEP`.

`prepare` migrates and makes the accounts with their first appointments; it needs the database
alone. `connect` connects the colleague; it needs the stand-in and the workers. Both may run again
and again: what is there already stays, and what a person deleted stays away.
"""

import sys

from sqlalchemy import select

from andock_core import accounts, config
from andock_core.accounts.passwords import hash_password
from andock_core.core import Core
from andock_core.storage import SYSTEM, Member, Scope, Storage, Tenant, migrate
from andock_core.vault import Vault
from andock_demo import colleague, registered
from andock_demo.appointments import make_appointments
from andock_demo.greeting import Passwords
from andock_demo.home import load_passwords
from andock_demo.people import BEN, COMPANIES, PEOPLE
from andock_demo.settings import CONTROL


def prepare() -> None:
    """Bring the schema up to date, and make the companies and people that are missing."""
    settings = config.load()
    migrate.upgrade(settings.database_url)
    passwords = load_passwords(settings.home)
    storage, vault = Storage(settings.database_url), Vault(settings.keys)
    try:
        tenants = make_companies(storage)
        for person in PEOPLE:
            password = passwords[person.email]["andock"]
            if not set_password(storage, person.email, password):
                tenant = tenants[person.company.slug]
                member = accounts.create_member(
                    storage, tenant, person.email, person.name, password, person.role
                )
                make_appointments(storage, vault, Scope(tenant, member), person.email)
    finally:
        storage.close()


def make_companies(storage: Storage) -> dict[str, str]:
    """Ids of the companies by slug; the missing ones are made."""
    with storage.read(SYSTEM) as session:
        tenants = {tenant.slug: tenant.id for tenant in session.scalars(select(Tenant))}
    for company in COMPANIES:
        if company.slug not in tenants:
            tenants[company.slug] = accounts.create_tenant(
                storage, company.slug, company.name, company.language, company.zone
            )
    return tenants


def set_password(storage: Storage, email: str, password: str) -> bool:
    """Make the printed password the one that works; False when there is no such member.

    They differ when a data folder is new and the database is not.
    """
    if accounts.sign_in(storage, email, password) is not None:
        return True
    with storage.write(SYSTEM) as session:
        member = session.scalar(select(Member).where(Member.email == email))
        if member is None:
            return False
        member.password_hash = hash_password(password)
    return True


def connect() -> None:
    """Connect Ben's mailbox."""
    settings = config.load()
    passwords = load_passwords(settings.home)
    core = Core.open(settings)
    try:
        registered.fill_in(core, settings.home / "sandbox" / CONTROL)
        connect_colleague(core, passwords)
    finally:
        core.close()


def connect_colleague(core: Core, passwords: Passwords) -> None:
    """Connect Ben's mailbox, as he would do it himself."""
    ben = accounts.sign_in(core.storage, BEN.email, passwords[BEN.email]["andock"])
    if ben is None:
        raise colleague.NotConnected("Ben cannot sign in")
    server = core.settings.servers[BEN.company.domain]
    colleague.connect(core, ben, BEN.email, passwords[BEN.email]["exchange"], server)


STEPS = {"prepare": prepare, "connect": connect}

if __name__ == "__main__":
    STEPS[sys.argv[1]]()
