"""`andock plugins`: what is installed, whether it will work, and whether it may."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click
from sqlalchemy import func, select

from andock_command.asking import table
from andock_command.opened import CannotGoOn, core
from andock_command.plugin_facts import facts, past
from andock_command.trying import unpacked
from andock_core import config
from andock_core.core import Core, extra_plugins
from andock_core.host import Catalog, breaker, registry
from andock_core.host.catalog import Listed
from andock_core.host.registry import Known
from andock_core.host.sources import installed
from andock_core.jobs.lease import RUNNABLE
from andock_core.storage import SYSTEM, Connection, migrate


@click.group()
def plugins() -> None:
    """Look at the plugins of this environment, switch them off and on. Each is examined in a
    process of its own."""


@plugins.command("list")
def show_all() -> None:
    """List the plugins, those that do not work with their reason."""
    with _installation() as (catalog, opened):
        found = catalog.all()
        aside = breaker.set_aside(opened.storage, found) if opened else []
    calls: dict[str, list[str]] = {}
    for each in aside:
        calls.setdefault(each.integration, []).append(each.call)
    rows = [(one.slug, one.distribution, one.version, _state(one, calls)) for one in found]
    table(("integration", "package", "version", "state"), rows)


@plugins.command()
@click.argument("slug")
def show(slug: str) -> None:
    """All that the marketplace knows of an integration."""
    with _installation() as (catalog, opened):
        listed = _find(catalog, slug)
        for line in [*facts(listed), *(past(opened, listed) if opened else ())]:
            click.echo(line)


@plugins.command()
@click.argument("slug", required=False)
@click.option(
    "--path",
    "package",
    type=click.Path(exists=True, path_type=Path),
    help="A folder or wheel that is not installed yet. Nothing is changed by looking at it.",
)
def check(slug: str | None, package: Path | None) -> None:
    """Say whether plugins will load, what they ask for and which contract they want.

    Without SLUG: all of them. Ends with 1 when one does not work. Those that are switched off are
    not looked at.
    """
    with ExitStack() as stack:
        names = stack.enter_context(unpacked(package)) if package else None
        catalog, _ = stack.enter_context(_installation())
        found = [_find(catalog, slug)] if slug else catalog.all()
        if names is not None:
            found = [one for one in found if one.distribution in names]
        for listed in found:
            for line in facts(listed):
                click.echo(line)
            click.echo()
    if names is not None and not found:
        raise CannotGoOn(f"{package} registers no plugin (entry-point group andock.plugins)")
    broken = [listed.slug for listed in found if listed.broken and not listed.off]
    if broken:
        raise CannotGoOn(f"Does not work: {', '.join(broken)}")
    works = [listed.slug for listed in found if not listed.off]
    click.echo(f"Works: {', '.join(works) or 'there are no plugins'}")


@plugins.command()
@click.argument("slug")
def disable(slug: str) -> None:
    """Switch a plugin off, by SLUG or by its package's name.

    None of its code is loaded any more, the marketplace does not offer it, and its connections
    wait. Running processes notice within seconds.
    """
    _switch(slug, off=True)


@plugins.command()
@click.argument("slug")
def enable(slug: str) -> None:
    """Switch a plugin on again, by SLUG or by its package's name. Its connections go on, and what
    was set aside of it because it kept failing is called again."""
    _switch(slug, off=False)


def _switch(word: str, *, off: bool) -> None:
    state = "off" if off else "on"
    with core() as opened:
        for plugin in _meant(opened, word):
            name = plugin.slug or plugin.distribution
            calls = [] if off else breaker.let_in(opened.storage, *plugin.key)
            if calls:
                click.echo(f"{name}: called again: {', '.join(calls)}.")
            if not registry.switch(opened.storage, plugin, off=off):
                if calls:
                    continue
                click.echo(f"{name} is switched {state} already.")
                continue
            waiting = _connections(opened, plugin.slug)
            effect = "wait" if off else "go on"
            click.echo(f"{name} is switched {state}; {waiting} connections {effect}.")


def _meant(opened: Core, word: str) -> list[Known]:
    """The plugins that a name means, found without looking at any of them where that is possible.

    Raises CannotGoOn.
    """
    known = opened.catalog.known()
    here = installed()
    for one in known:
        if one.slug == word and any(one.is_of(source) for source in here):
            return [one]
    sources = [source for source in here if source.distribution == word]
    if not sources:
        listed = _find(opened.catalog, word)
        slug = "" if listed.broken else listed.slug
        title = listed.listing.title if listed.listing else None
        return [Known(listed.distribution, listed.name, slug, title, off=False)]
    return [
        next(
            (one for one in known if one.is_of(source)),
            Known(source.distribution, source.name, "", None, off=False),
        )
        for source in sources
    ]


def _connections(opened: Core, slug: str) -> int:
    query = select(func.count(Connection.id)).where(
        Connection.integration == slug, Connection.state.in_(RUNNABLE)
    )
    with opened.storage.read(SYSTEM) as session:
        return session.scalar(query) or 0


@contextmanager
def _installation() -> Iterator[tuple[Catalog, Core | None]]:
    """The plugins, with what the installation knows of them once it has a database."""
    if migrate.is_current(config.load().database_url):
        with core() as opened:
            yield opened.catalog, opened
    else:
        yield Catalog(extra_plugins()), None


def _state(listed: Listed, aside: dict[str, list[str]]) -> str:
    calls = aside.get(listed.slug, []) if not listed.broken else []
    return f"works; set aside: {', '.join(calls)}" if calls else str(listed.broken) or "works"


def _find(catalog: Catalog, word: str) -> Listed:
    named = catalog.get(word)
    if named is not None:
        return named
    for listed in catalog.all():
        if word == listed.distribution:
            return listed
    raise CannotGoOn(f"There is no plugin {word}: andock plugins list")
