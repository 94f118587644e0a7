"""`andock plugins configure`: what an integration needs from whoever runs Andock."""

import logging
from pathlib import Path

import click

from andock_command.opened import CannotGoOn, core
from andock_core.authorizing import operator, operator_link
from andock_core.authorizing.places import callback_url
from andock_core.connections.errors import AnswersRefused
from andock_core.core import Core
from andock_core.host.calls import Hooks
from andock_core.host.context import PluginContext
from andock_sdk import Answers, Field, Form, Listing, Step
from andock_sdk.errors import AndockError

log = logging.getLogger("andock.command")
TRUE, FALSE = ("1", "yes", "on", "true"), ("0", "no", "off", "false")
WRONG = {
    "field.required": "is missing",
    "field.not_offered": "is none of what can be chosen",
    "field.day": "is no day, such as 2027-05-31",
}


@click.command()
@click.argument("slug")
@click.option("--set", "given", metavar="NAME=VALUE", multiple=True, help="A field's value.")
@click.option(
    "--secret",
    "files",
    metavar="NAME=FILE",
    multiple=True,
    help="A secret field, from a file. Without this it is asked for; never give it as a value.",
)
@click.option("--show", is_flag=True, help="Only show what is filled in, without secrets.")
@click.option("--page", is_flag=True, help="A link to a page for it, good for an hour.")
@click.option("--check", is_flag=True, help="Try what is filled in, and say how each step went.")
def configure(
    slug: str, given: tuple[str, ...], files: tuple[str, ...], show: bool, check: bool, page: bool
) -> None:
    """Fill in what the integration SLUG needs once for all: a client's id, its secret.

    Asks for whatever is not given; an empty answer keeps what is there. Everything is stored
    sealed. Members can add the integration once all required fields are filled in.
    """
    with core() as opened:
        listing, form = _form(opened, slug)
        kept = operator.read(opened.storage, opened.vault, slug)
        if page:
            click.echo(operator_link.make(opened, slug))
            return
        if show:
            _show(opened, form, kept)
        if check and not (given or files):
            _check(opened, listing)
        if show or (check and not (given or files)):
            return
        answers = _given(form, given, files)
        if not answers:
            answers = _asked(form, kept)
        try:
            operator.put(opened, listing, answers)
        except AnswersRefused as refused:
            faults = [f"{name} {WRONG.get(key, key)}" for name, key in refused.errors.items()]
            raise CannotGoOn("Nothing was changed: " + ", ".join(sorted(faults))) from refused
        click.echo(f"{slug} is set up. Running processes use it from now on.")
        if check:
            _check(opened, listing)


def _form(opened: Core, slug: str) -> tuple[Listing, Form]:
    listed = opened.catalog.get(slug)
    if listed is None or listed.listing is None:
        raise CannotGoOn(f"There is no integration {slug} that works: andock plugins list")
    if listed.listing.operator_form is None:
        raise CannotGoOn(f"{slug} needs nothing to be set up.")
    return listed.listing, listed.listing.operator_form


def _check(opened: Core, listing: Listing) -> None:
    """The plugin's own check, in this process: whoever runs the command ends it. Raises
    CannotGoOn for what does not work."""
    context = PluginContext(opened, {}, log, slug=listing.slug)

    def report(step: Step) -> None:
        if step.state in ("running", "waiting"):
            return
        click.echo(f"{step.state:<8} {step.title.en}")
        for text in (step.detail, step.means, step.advice):
            if text is not None:
                click.echo(f"         {text.en}")

    try:
        told = Hooks(opened).call(listing.slug, "check_operator", context=context, report=report)
        error = told.error if told is not None else ""
    except AndockError as found:
        told, error = None, found.key
    if error:
        words = listing.messages.get(error)
        raise CannotGoOn(f"{words.title.en} {words.advice.en}" if words else error)
    click.echo("All is well." if told is not None else f"{listing.slug} has no check of its own.")


def _show(opened: Core, form: Form, kept: Answers) -> None:
    click.echo(f"address to come back to: {callback_url(opened.settings)}")
    for field in form.fields:
        value = kept.get(field.name)
        if value in (None, "", []):
            said = "MISSING" if field.required else "(empty)"
        else:
            said = "(set)" if field.kind == "password" else str(value)
        click.echo(f"{field.name:<20} {said:<30} {field.label.en}")


def _given(form: Form, given: tuple[str, ...], files: tuple[str, ...]) -> Answers:
    fields = {field.name: field for field in form.fields}
    answers: Answers = {}
    for text in (*given, *files):
        name, sign, value = text.partition("=")
        if not sign or name not in fields:
            raise CannotGoOn(f"{text.partition('=')[0]}: fields are {', '.join(fields)}")
        if text in files:
            try:
                answers[name] = Path(value).read_text().rstrip("\n")
            except (OSError, UnicodeDecodeError) as error:
                raise CannotGoOn(f"{value} cannot be read: {type(error).__name__}") from error
        elif fields[name].kind == "password":
            raise CannotGoOn(f"{name} is a secret: --secret {name}=FILE, or leave it to be asked")
        else:
            answers[name] = _typed(fields[name], value)
    return answers


def _asked(form: Form, kept: Answers) -> Answers:
    """Each field, asked for in turn; what is left empty stays as it is."""
    answers: Answers = {}
    for field in form.fields:
        there = kept.get(field.name) not in (None, "", [])
        label = f"{field.label.en} [{field.name}]" + (" (set; Enter keeps it)" if there else "")
        hidden = field.kind == "password"
        typed = click.prompt(label, default="", hide_input=hidden, show_default=False)
        if typed:
            answers[field.name] = _typed(field, typed)
    return answers


def _typed(field: Field, text: str) -> str | bool | list[str]:
    if field.kind == "switch":
        if text.lower() not in TRUE + FALSE:
            raise CannotGoOn(f"{field.name}: yes or no")
        return text.lower() in TRUE
    if field.kind == "choices":
        return [part.strip() for part in text.split(",") if part.strip()]
    return text
