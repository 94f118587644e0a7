"""What load balancers and monitoring ask."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rq import Worker

from andock_core.core import Core
from andock_core.jobs.queue import NAMES, Queue
from andock_core.storage import Connection, Scope
from tests.web.conftest import People

TOKEN = "a-token-for-monitoring"


@pytest.fixture
def measured(app: Flask, core: Core, redis_url: str) -> FlaskClient:
    """A browser of an installation with queues and a token."""
    core.settings = replace(core.settings, metrics_token=TOKEN)
    core.queue = Queue(redis_url)
    return app.test_client()


def test_without_workers_the_installation_is_not_ready(measured: FlaskClient) -> None:
    answer = measured.get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {
        "status": "not ready",
        "schema": "ok",
        "queue": "ok",
        "workers-interactive": "none",
        "workers-background": "none",
    }


def test_with_a_worker_for_each_queue_it_is(measured: FlaskClient, core: Core) -> None:
    for name in NAMES:
        Worker([core.queue._queue(name)]).register_birth()  # type: ignore[no-untyped-call]
    answer = measured.get("/readyz")
    assert (answer.status_code, answer.json["status"]) == (200, "ok")  # type: ignore[index]


def test_without_its_queues_it_is_not(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["queue"]) == (503, "down")  # type: ignore[index]


def test_figures_need_the_token(measured: FlaskClient, app: Flask, core: Core) -> None:
    for headers in ({}, {"Authorization": "Bearer no"}, {"Authorization": f"Basic {TOKEN}"}):
        assert measured.get("/metrics", headers=headers).status_code == 404
    core.settings = replace(core.settings, metrics_token="")
    assert measured.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_figures_count_and_name_nobody(measured: FlaskClient, core: Core, people: People) -> None:
    with core.storage.write(Scope(people.home, people.anna)) as session:
        session.add(
            Connection(
                tenant_id=people.home,
                owner_id=people.anna,
                integration="some",
                state="active",
                account_label="anna@secret.example",
            )
        )
    answer = measured.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert 'andock_connections{integration="some",state="active"} 1.0' in answer.text
    assert "andock_queues_up 1.0" in answer.text
    assert 'andock_workers{queue="background"} 0.0' in answer.text
    assert "anna" not in answer.text


def test_what_waits_for_its_member_is_not_overdue(
    measured: FlaskClient, core: Core, people: People
) -> None:
    """A paused connection, or one whose preview nobody agreed to, is not the operator's affair."""
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    waiting: tuple[dict[str, Any], ...] = ({"paused_at": long_ago}, {"wanted": "another"})
    for number, waits in enumerate(waiting):
        with core.storage.write(Scope(people.home, people.anna)) as session:
            session.add(
                Connection(
                    id=f"{number:032x}",
                    tenant_id=people.home,
                    owner_id=people.anna,
                    integration="some",
                    state="active",
                    next_due_at=long_ago,
                    **waits,
                )
            )
    answer = measured.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert "andock_overdue_seconds 0.0" in answer.text
