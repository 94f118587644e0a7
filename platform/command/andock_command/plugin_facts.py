"""What `andock plugins show` and `check` say of a plugin, line by line."""

from andock_command.trying import lacking
from andock_core.core import Core
from andock_core.host import breaker, versions
from andock_core.host.catalog import Listed
from andock_core.jobs import own
from andock_core.storage import SYSTEM
from andock_sdk import Listing

MOMENT = "%Y-%m-%d %H:%M UTC"


def past(opened: Core, listed: Listed) -> list[str]:
    """How its jobs for the whole installation went last, and which calls are set aside."""
    with opened.storage.read(SYSTEM) as session:
        jobs = own.of_installation(session, listed.slug) if not listed.broken else []
    lines = [f"  job          {job.name}: {_went(job)}" for job in jobs]
    for one in breaker.set_aside(opened.storage, [listed]):
        how = f"andock plugins enable {listed.slug}"
        lines.append(f"  SET ASIDE    {one.call}: {one.error}, {one.since:{MOMENT}}; {how}")
    return lines


def _went(job: own.JobStatus) -> str:
    follows = f"next {job.next_due_at:{MOMENT}}"
    if job.running:
        return f"runs since {job.started_at:{MOMENT}}"
    if job.ended_at is None:
        return f"has not run yet, {follows}"
    return f"{job.error or 'well'}, ended {job.ended_at:{MOMENT}}, {follows}"


def facts(listed: Listed) -> list[str]:
    """What a look at the plugin says."""
    lines = [
        f"{listed.slug}  {listed.version}  (package {listed.distribution or 'none'})",
        f"  entry point  {listed.source}",
        f"  contract     {_contract(listed)}",
        *(f"  LACKS        {one}" for one in lacking(listed.distribution)),
    ]
    if listed.off:
        return [*lines, "  SWITCHED OFF: andock plugins enable"]
    lines.append(f"  import       {listed.import_seconds:.2f} s")
    if listed.broken:
        lines.append(f"  DOES NOT WORK: {listed.broken}")
        return [*lines, *(f"    at {place}" for place in listed.trail)]
    lines.append(f"  hooks        {', '.join(sorted(listed.hooks))}")
    if listed.level:
        without = f", without {', '.join(listed.exempt)}" if listed.exempt else ""
        lines.append(f"  level        {listed.level}, as its publisher says{without}")
    if listed.listing is not None:
        lines.append(f"  title        {listed.listing.title.en}")
        lines.append(f"  data goes to {listed.listing.data_goes_to.en}")
        for asked in listed.listing.permissions:
            lines.append(f"  asks for     {asked.what.en}: {asked.access.en}")
        lines += _asks_operator(listed.listing)
    lines += [f"  own job      {j.name}: per {j.per}, {j.minutes} minutes" for j in listed.jobs]
    return [*lines, *(f"  WARNING      {text}" for text in listed.warnings)]


def _asks_operator(listing: Listing) -> list[str]:
    """What it leads members to, and what it needs from whoever runs Andock."""
    lines = [f"  signs in at  {host}" for host in listing.sign_in_hosts]
    form = listing.operator_form
    names = [field.name for field in form.fields if field.required] if form else []
    if names:
        how = f"andock plugins configure {listing.slug}"
        lines.append(f"  waits for    {', '.join(names)}, until they are set: {how}")
    return lines


def _contract(listed: Listed) -> str:
    """What it was made for, and which versions of the SDK its package says it works with."""
    wanted = versions.required(listed.distribution)
    said = f"{versions.SDK} {wanted}" if wanted is not None and str(wanted) else "not said"
    return f"{listed.contract} ({said})" if listed.contract else said
