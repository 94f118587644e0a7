"""`andock serve`, `andock work`, `andock migrate`: the processes of an installation."""

import os
import signal
import subprocess
import sys
import time

import click

from andock_command.opened import OLD_SCHEMA, CannotGoOn
from andock_core import config
from andock_core.accounts import first
from andock_core.embedded import RunningValkey, valkey_in
from andock_core.jobs.queue import NAMES
from andock_core.storage import Storage, migrate as schema

POLL_SECONDS = 0.3
STOP_SECONDS = 30


@click.command()
@click.option("--bind", default="127.0.0.1:8600", show_default=True, help="HOST:PORT")
@click.option(
    "--processes",
    default=2,
    show_default=True,
    type=click.IntRange(1, 64),
    help="How many processes serve.",
)
@click.option(
    "--threads",
    default=8,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Pages at a time in each.",
)
def serve(bind: str, processes: int, threads: int) -> None:
    """Serve the pages. Refuses to start on an old schema."""
    settings = config.load()
    if not schema.is_current(settings.database_url):
        raise CannotGoOn(OLD_SCHEMA)
    _tell_how_to_begin(settings)
    command = [
        *(sys.executable, "-m", "gunicorn", "andock_marketplace.wsgi:app"),
        *("--bind", bind, "--worker-class", "gthread"),
        *("--workers", str(processes), "--threads", str(threads)),
        *("--timeout", "60"),  # a plugin that hangs is given up after 25 seconds at the start
        *("--logger-class", "andock_web.gunicorn_log.Lines"),
        "--no-control-socket",
    ]
    os.execv(sys.executable, command)  # noqa: S606 - the point is to become that process


@click.command()
@click.option("--queue", type=click.Choice(NAMES), help="One queue in this process.")
@click.option("--scheduler", is_flag=True, help="A dispatcher beside it (with --queue).")
def work(queue: str | None, scheduler: bool) -> None:
    """Run the workers: with --queue one of them, else one for each queue and a dispatcher."""
    if queue is not None:
        from andock_core.jobs.worker import main

        main(["--queue", queue, *(["--scheduler"] if scheduler else [])])
        return
    sys.exit(_work_all())


@click.command()
def migrate() -> None:
    """Bring the database to the schema of this version. Make a backup first."""
    settings = config.load()
    if schema.is_current(settings.database_url):
        click.echo("The schema is the newest already.")
        return
    schema.upgrade(settings.database_url)
    click.echo("The schema is the newest now.")


def _tell_how_to_begin(settings: config.Settings) -> None:
    """Where nobody has an account, say where the first page is and what it asks for."""
    storage = Storage(settings.database_url)
    try:
        if first.is_empty(storage):
            click.echo("Nobody has an account yet. Either run `andock init`, or open")
            click.echo(f"  {settings.base_url}/first-start")
            click.echo(f"with the secret in {first.secret_file(settings.home)}")
    finally:
        storage.close()


def _work_all() -> int:
    """All workers; without a REDIS_URL also the server of the queues that the pages ask."""
    settings = config.load()
    if not schema.is_current(settings.database_url):
        raise CannotGoOn(OLD_SCHEMA)
    queues = valkey_in(settings.home)
    if settings.redis_url != queues.url or queues.answers():
        return _children()
    with RunningValkey(settings.home):
        return _children()


def _children() -> int:
    """One child for each queue; when one ends, all do, so that whoever started us notices."""
    children = [
        subprocess.Popen(
            [sys.executable, "-m", "andock_command", "work", "--queue", name]
            + (["--scheduler"] if name == "background" else [])
        )
        for name in NAMES
    ]
    asked: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda given, _frame: asked.append(given))
    while not asked and all(child.poll() is None for child in children):
        time.sleep(POLL_SECONDS)
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
    return 0 if asked else 1
