"""What the demo tells: the person at the terminal, and scripts by demo.json."""

from typing import Any

from andock_demo.people import ANNA, PEOPLE
from andock_demo.settings import DemoSettings

Passwords = dict[str, dict[str, str]]


def print_start(settings: DemoSettings) -> None:
    """Say that it begins, for the first start takes a while."""
    print(f"Andock is starting, with its data in {settings.home} ...", flush=True)


def print_ready(settings: DemoSettings, sandbox: dict[str, Any], passwords: Passwords) -> None:
    """Say where it is, who may sign in, and what to try."""
    lines = [
        "",
        f"Andock runs at {settings.web_url}    (Ctrl-C ends it)",
        "",
        "Sign in as",
        *(
            f"  {person.email:<24}{passwords[person.email]['andock']:<17}"
            f"{person.company.name}: {person.name}, {person.note}"
            for person in PEOPLE
        ),
        "",
        "To try",
        "  1. Sign in as Anna. Click her picture at the top right: Integrationen, Stöbern",
        "     (in English: Integrations, Browse). Add the Exchange calendar, then authorize it:",
        f"       user name  {ANNA.email}  or  {ANNA.login}",
        f"       password   {passwords[ANNA.email]['exchange']}",
        f"     Search finds the server; it is {settings.sandbox_server}.",
        "     Or add the Office365 calendar: sign in with the same address and password at the",
        "     stand-in for Microsoft, whose certificate your browser does not know.",
        "  2. Test it, choose her calendars, save, and open the calendar.",
        "  3. Sign in as Ben in another browser: of Anna's private entries he sees only the time.",
        "  4. Look at Anna's mailbox as Outlook would show it, and change something there by hand;",
        "     or let Exchange fail on purpose (your browser does not know the certificate):",
        f"       mailbox    {sandbox['pages'][ANNA.email]}",
        f"       faults     {sandbox['control']}",
        "",
        f"Each part writes a log in {settings.log_folder}.",
        "",
    ]
    print("\n".join(lines), flush=True)


def ready_file(
    settings: DemoSettings, ews_url: str, sandbox: dict[str, Any], passwords: Passwords
) -> dict[str, Any]:
    """Content of demo.json: what a script needs to do what a person does.

    `sandbox` has the addresses of the stand-in's pages and their token, and what there is to know
    of its Microsoft side: see `control_file`.
    """
    pages = {name: held for name, held in sandbox.items() if name != "microsoft"}
    return {
        "web_url": settings.web_url,
        "users": [
            {
                "email": person.email,
                "password": passwords[person.email]["andock"],
                "role": person.role,
                "tenant": person.company.name,
                "name": person.name,
            }
            for person in PEOPLE
        ],
        "sandbox": pages,
        "microsoft": sandbox["microsoft"],
        "exchange": {
            "server": settings.sandbox_server,
            "ews_url": ews_url,
            "ca_file": str(settings.ca_file),
            "mailboxes": [
                {"email": person.email, "password": passwords[person.email]["exchange"]}
                for person in PEOPLE
                if person.login
            ],
        },
    }
