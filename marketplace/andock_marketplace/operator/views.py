"""Settings of an integration, for whoever has the link of `andock plugins configure --page`. The
link's secret stands in every address; without it nothing is shown or changed."""

from dataclasses import replace
from datetime import timedelta

from flask import Blueprint, flash, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from andock_core import clock
from andock_core.accounts.errors import NoSuchLink
from andock_core.authorizing import checking, operator, operator_link
from andock_core.authorizing.places import callback_url
from andock_core.connections.errors import AnswersRefused
from andock_core.jobs.queue import QueueDown
from andock_marketplace.connect import forms
from andock_marketplace.connect.forms import Question
from andock_marketplace.connect.queries import check as shown
from andock_marketplace.words import words_for
from andock_sdk import Answers, Form, Listing
from andock_web import current, formats, session
from andock_web.language import language
from andock_web.lines import one_line
from andock_web.redirects import redirect_to

pages = Blueprint("operator", __name__, url_prefix=operator_link.PLACE, template_folder="templates")
SOON = timedelta(days=30)


@pages.errorhandler(NoSuchLink)
def ended(_error: NoSuchLink) -> tuple[str, int]:
    """Whatever is wrong with a link, it is told in the same words."""
    slug = (request.view_args or {}).get("slug", "")
    command = f"andock plugins configure {slug} --page"
    return render_template("operator/ended.html", command=command), 404


@pages.get("/<slug>/<secret>")
@session.public
def show(slug: str, secret: str) -> str:
    """What is filled in, without secrets, and how its last check went."""
    listing, _form = _opened(slug, secret)
    kept = operator.read(current.core().storage, current.core().vault, slug)
    return _page(listing, secret, kept, {})


@pages.post("/<slug>/<secret>")
@session.public
def save(slug: str, secret: str) -> Response | tuple[str, int]:
    """Keep what was filled in, and have it tried. A secret that is left empty stays as it was."""
    listing, form = _opened(slug, secret)
    core, given = current.core(), forms.posted(form, request.form)
    secrets = {field.name for field in form.fields if field.kind == "password"}
    given = {name: value for name, value in given.items() if value or name not in secrets}
    try:
        operator.put(core, listing, given)
    except AnswersRefused as refused:
        return _page(listing, secret, given, refused.errors), 422
    flash(_("Saved. Running processes use it from now on."), "go")
    return _try(slug, secret)


@pages.post("/<slug>/<secret>/check")
@session.public
def check(slug: str, secret: str) -> Response:
    """Try again what is filled in."""
    _opened(slug, secret)
    return _try(slug, secret)


@pages.get("/<slug>/<secret>/check")
@session.public
def check_part(slug: str, secret: str) -> str:
    """The part of the page that follows the check."""
    listing, _form = _opened(slug, secret)
    return render_template("operator/_check.html", **_checked(listing, secret))


def _opened(slug: str, secret: str) -> tuple[Listing, Form]:
    operator_link.check(current.core(), slug, secret)
    listed = current.core().catalog.get(slug)
    if listed is None or listed.listing is None or listed.listing.operator_form is None:
        raise NoSuchLink("no such integration any more")
    return listed.listing, listed.listing.operator_form


def _try(slug: str, secret: str) -> Response:
    try:
        checking.begin(current.core(), slug)
    except QueueDown as down:
        words = words_for(down.key)
        flash(f"{words.title} {words.advice}", "stop")
    return redirect_to(url_for("operator.show", slug=slug, secret=secret) + "#check")


def _page(listing: Listing, secret: str, answers: Answers, errors: dict[str, str]) -> str:
    core, form = current.core(), listing.operator_form
    assert form is not None  # noqa: S101 - `_opened` refuses the others
    ends = operator.ends_at(core, listing)
    kept = operator.read(core.storage, core.vault, listing.slug)
    there = {forms.PREFIX + name for name, value in kept.items() if value}
    return render_template(
        "operator/show.html",
        title=one_line(listing.title.to(language())),
        questions=[
            _kept(asked) if asked.kind == "password" and asked.name in there else asked
            for asked in forms.questions(form, answers, errors, listing)
        ],
        callback=callback_url(core.settings),
        ends=formats.on_long_day(ends.date()) if ends else "",
        ends_soon=ends is not None and ends - clock.now() < SOON,
        wrong=bool(errors),
        **_checked(listing, secret),
    )


def _kept(secret: Question) -> Question:
    """A secret that is there is not shown, and need not be typed again."""
    said = _("It is filled in. Leave it empty to keep it.")
    return replace(secret, required=False, help=f"{secret.help} {said}".strip())


def _checked(listing: Listing, secret: str) -> dict[str, object]:
    last = checking.read(current.core(), listing.slug)
    return {
        "slug": listing.slug,
        "secret": secret,
        "last": last,
        "steps": [shown(step) for step in last.steps] if last else [],
        "problem": words_for(last.error, listing) if last and last.error else None,
    }
