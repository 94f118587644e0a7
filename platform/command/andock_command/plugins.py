"""`andock plugins`: what is installed, and whether it will work."""

from importlib.metadata import PackageNotFoundError, requires

import click
from packaging.requirements import Requirement

from andock_command.asking import table
from andock_command.opened import CannotGoOn
from andock_core.host import Catalog
from andock_core.host.catalog import Listed


@click.group()
def plugins() -> None:
    """Look at the plugins of this environment. Each is examined in a process of its own."""


@plugins.command("list")
def show_all() -> None:
    """List the plugins, those that do not work with their reason."""
    rows = [
        (one.slug, one.distribution, one.version, one.broken or "works") for one in Catalog().all()
    ]
    table(("integration", "package", "version", "state"), rows)


@plugins.command()
@click.argument("slug")
def show(slug: str) -> None:
    """All that the marketplace knows of an integration."""
    for line in _facts(_find(slug)):
        click.echo(line)


@plugins.command()
@click.argument("slug", required=False)
def check(slug: str | None) -> None:
    """Say whether plugins will load, what they ask for and which contract they want.

    Without SLUG: all of them. Ends with 1 when one does not work.
    """
    found = [_find(slug)] if slug else Catalog().all()
    for listed in found:
        for line in _facts(listed):
            click.echo(line)
        click.echo()
    broken = [listed.slug for listed in found if listed.broken]
    if broken:
        raise CannotGoOn(f"Does not work: {', '.join(broken)}")
    click.echo(f"Works: {', '.join(listed.slug for listed in found) or 'there are no plugins'}")


def _find(slug: str) -> Listed:
    for listed in Catalog().all():
        if slug in (listed.slug, listed.distribution):
            return listed
    raise CannotGoOn(f"There is no plugin {slug}: andock plugins list")


def _facts(listed: Listed) -> list[str]:
    lines = [
        f"{listed.slug}  {listed.version}  (package {listed.distribution or 'none'})",
        f"  entry point  {listed.source}",
        f"  contract     {_contract(listed.distribution)}",
        f"  import       {listed.import_seconds:.2f} s",
    ]
    if listed.broken:
        return [*lines, f"  DOES NOT WORK: {listed.broken}"]
    lines.append(f"  hooks        {', '.join(sorted(listed.hooks))}")
    if listed.listing is not None:
        lines.append(f"  title        {listed.listing.title.en}")
        lines.append(f"  data goes to {listed.listing.data_goes_to.en}")
        for asked in listed.listing.permissions:
            lines.append(f"  asks for     {asked.what.en}: {asked.access.en}")
    return lines


def _contract(distribution: str) -> str:
    """Which versions of the SDK the package says it works with."""
    try:
        wanted = requires(distribution) if distribution else None
    except PackageNotFoundError:
        wanted = None
    for text in wanted or ():
        requirement = Requirement(text)
        if requirement.name.replace("_", "-").lower() == "andock-sdk":
            return f"andock-sdk {requirement.specifier or '(any version)'}"
    return "not said"
