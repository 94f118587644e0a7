"""`andock export` and `andock import`: a company's data, or one member's, as a file."""

import os
from pathlib import Path

import click

from andock_command.companies import tenant_id
from andock_command.opened import CannotGoOn, core
from andock_core import audit
from andock_core.accounts import administration
from andock_core.portability.bringing_in import Refused, bring_in
from andock_core.portability.taking_out import records
from andock_core.storage import Scope
from andock_core.vault import SealBroken


@click.command("export")
@click.argument("tenant")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--only", default="", help="One member's data alone (their e-mail address).")
def export(tenant: str, file: Path, only: str) -> None:
    """Write all data of TENANT (its short name) to FILE, as JSON lines.

    The file holds private content in the clear. Only its owner may read it; keep it so.
    """
    with core() as opened:
        company = tenant_id(opened, tenant)
        member = administration.id_of(opened.storage, Scope(company), only) if only else ""
        draft = file.with_name(f".{file.name}.{os.getpid()}")
        if file.exists():
            raise CannotGoOn(f"{file} is there already and was left as it is.")
        count = 0
        try:
            with open(
                os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
            ) as out:
                for record in records(opened, company, member):
                    out.write(record.model_dump_json() + "\n")
                    count += 1
            draft.rename(file)
            with opened.storage.write(Scope(company)) as session:
                audit.record(
                    *(session, company, "data.exported"),
                    actor_id=audit.OPERATOR,
                    subject_id=member,
                    records=count,
                )
        except SealBroken as error:
            raise CannotGoOn("Something does not open with these keys: andock doctor") from error
        finally:
            draft.unlink(missing_ok=True)
    click.echo(f"{count} records in {file}")


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--slug", default="", help="Another short name for the company.")
def bring(file: Path, slug: str) -> None:
    """Make a company from an export. All of it comes in, or nothing.

    Members sign in once they have a password: andock users password EMAIL. They connect anew.
    """
    with core() as opened, file.open(encoding="utf-8") as lines:
        try:
            brought = bring_in(opened, lines, slug)
        except (Refused, UnicodeDecodeError) as error:
            raise CannotGoOn(f"Nothing was brought in: {error}") from error
    for kind, count in sorted(brought.counts.items()):
        click.echo(f"{kind}: {count}")
