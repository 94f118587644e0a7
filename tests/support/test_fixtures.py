"""The fixtures themselves: what other tests stand on."""

from playwright.sync_api import Browser
from redis import Redis
from sqlalchemy import create_engine, inspect


def test_a_database_is_migrated(database_url: str) -> None:
    """Both kinds of database have tables and start from the newest schema."""
    engine = create_engine(database_url)
    tables = inspect(engine).get_table_names()
    engine.dispose()
    assert "alembic_version" in tables


def test_an_empty_database_is_empty(empty_database_url: str) -> None:
    """What migrations start from has no table."""
    engine = create_engine(empty_database_url)
    tables = inspect(engine).get_table_names()
    engine.dispose()
    assert tables == []


def test_valkey_runs_scripts_and_waits(redis_url: str) -> None:
    """What RQ needs of a server: Lua, and reads that block."""
    with Redis.from_url(redis_url) as client:
        client.eval("return redis.call('rpush', KEYS[1], 'job')", 1, "queue")
        assert client.blpop(["queue"], timeout=1) == (b"queue", b"job")
        assert client.blpop(["queue"], timeout=0.1) is None


def test_a_page_is_drawn(browser: Browser) -> None:
    """Playwright drives the Chromium that was found."""
    context = browser.new_context()
    page = context.new_page()
    page.set_content("<h1>Andock</h1>")
    assert page.inner_text("h1") == "Andock"
    context.close()
