"""Every address of the application, and an address to look at for each page."""

from types import SimpleNamespace
from typing import Any

from flask import Flask

import andock_marketplace
from andock_web.app import create_app
from andock_web.areas import register_areas

NO_PAGES = {
    *(
        "calendar.entry",
        "calendar.spans",
        "calendar.sync",
        "calls.suggest",
        "operating.healthz",
        "operating.readyz",
        "operating.metrics",
    ),
    *("doctor.part", "doctor.report"),
    "hooks.call",
    *("administration.audit_file", "joining.first_start"),  # the latter: tests/administration
    "operator.show",  # tests/authorizing
    *("contacts.export_all", "contacts.export_one", "contacts.not_read", "contacts.photo"),
    *(
        "connections.now",
        "contacts.results",
        "journal.undoing_part",
        "marketplace.icon",
        "marketplace.results",
        "profile.picture",
    ),
    *("wizard.choice_part", "wizard.first_run_part", "wizard.preview_part"),
    *("wizard.search_part", "wizard.test_part", "moving.preview_part", "wizard.approval_part"),
    "operator.check_part",
}
"""What answers a script, or is a file."""


def all_of_it(core: Any = None) -> Flask:
    """The application with all areas; without a core only good for looking at its addresses."""
    settings = SimpleNamespace(
        session_key="any", secure_cookies=False, redis_url="unix:///nowhere", developer=False
    )
    app = create_app(core or SimpleNamespace(settings=settings))  # type: ignore[arg-type]
    register_areas(app)
    andock_marketplace.register(app)
    return app


def pages() -> list[tuple[str, str]]:
    """Endpoint and rule of everything that somebody can open."""
    return [
        (rule.endpoint, rule.rule)
        for rule in all_of_it().url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and rule.endpoint.rpartition(".")[2] != "static"
        and rule.endpoint not in NO_PAGES
    ]
