"""Does all that a plugin must not, each entry point in its own way.

shadow  takes another integration's name
sleeper never comes back when it is loaded
leaver  ends the process that loads it
liar    describes itself with something else
talker  fills standard output, starts threads, has markup for words; and each of its hooks raises,
        sleeps for ever, ends the process or returns nonsense, as its form is filled in
"""

import os
import sys
import threading
import time
from typing import Any

from andock_sdk import (
    Answers,
    ConnectionFacts,
    Context,
    Feature,
    Field,
    Form,
    Grant,
    Listing,
    Message,
    Permission,
    Report,
    Step,
    Text,
    hookimpl,
)

ANOTHERS = "exchange-calendar"
SECRET = "hunter2-in-an-exception"  # noqa: S105 - that is what the tests look for
EVIL = (
    '<script>alert("evil")</script><img src=x onerror=alert(1)>'
    '<a href="javascript:alert(2)">here</a>&lt;b&gt; '
    "\u202egnp.exe\u202c \u2066\u0000\u0007{{ 7*7 }} "
)
HUGE = (EVIL + "endless " * 500)[:4000]
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48">'
    '<rect width="48" height="48" rx="11" fill="#7a1020"/>'
    '<path d="M14 14l20 20M34 14L14 34" stroke="#fff" stroke-width="5"/></svg>'
)
STDOUT_BYTES = 20 * 1024 * 1024


def text(words: str = EVIL) -> Text:
    """The same in both languages."""
    return Text(en=words, de=words)


def listing(slug: str, title: str) -> Listing:
    """A listing in which every word could be mistaken for markup."""
    return Listing(
        slug=slug,
        title=text(title),
        publisher=EVIL,
        version="6.6.6<b>",
        summary=text(HUGE),
        description=text(HUGE),
        icon=ICON,
        categories=("calendar",),
        works_with=text(HUGE),
        data_goes_to=text("javascript:alert(3)"),
        features=(Feature(icon="zap", title=text(), text=text(HUGE)),),
        permissions=(Permission(icon="key", what=text(), access=text(HUGE)),),
        keywords=(EVIL,),
        languages=(EVIL, "en"),
        authorize_form=Form(
            intro=text(HUGE),
            fields=(
                Field(name="how", label=text(), help=text(HUGE), placeholder=EVIL, value=EVIL),
                Field(name="password", label=text(), kind="password", required=False),
            ),
        ),
        messages={"evil": Message(title=text(), advice=text(HUGE))},
    )


class Hostile:
    """Every hook does whatever the form said."""

    slug, title = "hostile-calendar", "Hostile Calendar " + EVIL

    @hookimpl
    def describe(self) -> Listing:
        """Evil words."""
        return listing(self.slug, self.title)

    @hookimpl
    def authorize(self, context: Context, answers: Answers) -> Any:
        """Whatever was typed, unless it is meant for later."""
        how = str(answers.get("how", ""))
        where, _, what = how.partition(":")
        return misbehave(where) if not what else Grant(secrets={"how": what})

    @hookimpl
    def test(self, context: Context, grant: Grant, report: Report) -> Any:
        """A step with evil words, then whatever was typed."""
        report(Step(key="evil", title=text(), state="running", detail=text()))
        return misbehave(grant.secrets["how"])

    @hookimpl
    def settings_form(self, context: Context, grant: Grant, settings: Answers) -> Any:
        """Nonsense."""
        return {"fields": EVIL}

    @hookimpl
    def sync_jobs(self, context: Context, settings: Answers) -> Any:
        """Nonsense."""
        return [EVIL]

    @hookimpl
    def connection_added(self, connection: ConnectionFacts) -> None:
        """Raises."""
        raise RuntimeError(SECRET)

    @hookimpl
    def connection_removed(self, connection: ConnectionFacts) -> None:
        """Raises what nobody catches."""
        raise SystemExit(SECRET)

    @hookimpl
    def sync_finished(self, connection: ConnectionFacts, counts: dict[str, int]) -> None:
        """Never comes back, whoever's run has ended."""
        while True:
            time.sleep(3600)

    @hookimpl
    def connection_needs_attention(self, connection: ConnectionFacts, error: str) -> None:
        """Raises what nobody catches."""
        raise KeyboardInterrupt(SECRET)


class Shadow(Hostile):
    """Says that it is another one."""

    slug, title = ANOTHERS, "Exchange Calendar"


class Liar(Hostile):
    """Describes itself with something else."""

    @hookimpl
    def describe(self) -> Any:
        """No listing."""
        return {"slug": ANOTHERS, "title": EVIL}


def misbehave(how: str) -> Any:
    """Raise, sleep, end the process, fill the output or lie."""
    if how == "sleep":
        while True:
            time.sleep(3600)
    if how == "exit":
        os._exit(66)
    if how == "print":
        fill()
    if how == "lie":
        return EVIL
    raise RuntimeError(SECRET)


def fill() -> None:
    """Write far more to the standard output than anybody reads, and pretend to be an answer."""
    for _ in range(STDOUT_BYTES // 4096):
        os.write(sys.stdout.fileno(), b'{"listing": null, "broken": ""}\n' * 128)


def shadow() -> Shadow:
    """The entry point `shadow`."""
    return Shadow()


def sleeper() -> Hostile:
    """The entry point `sleeper`."""
    while True:
        time.sleep(3600)


def leaver() -> Hostile:
    """The entry point `leaver`."""
    os._exit(66)


def liar() -> Liar:
    """The entry point `liar`."""
    return Liar()


def talker() -> Hostile:
    """The entry point `talker`."""
    for _ in range(50):
        threading.Thread(target=time.sleep, args=(3600,)).start()
    fill()
    return Hostile()
