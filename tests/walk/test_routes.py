"""No address tells or changes what is somebody else's, nor obeys another site."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from andock_web.session import is_public
from tests.pages.site import all_of_it
from tests.walk.furnishing import MARKS
from tests.walk.known import (
    ADMINS,
    ARGUMENTS,
    BY_SECRET,
    CALLING,
    COMPANY,
    KINDS,
    NO_TOKEN,
    OWN,
    PUBLIC,
    kind_of,
)
from tests.walk.scene import walked_in
from tests.walk.table import PAGE, page
from tests.walk.walking import ELSEWHERE, HERSELF, OWN_ADMIN, Answer, Walk, routes

REFUSED = {400, 403, 404, 405, 415, 422}
OTHER_COMPANY = ("member elsewhere", "admin elsewhere")
FOREIGN_HOSTS: set[str] = set()
"""Endpoints that lead to another site on purpose: the sign-in page that a plugin names."""


@pytest.fixture(scope="module")
def walked(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """One walk for all tests."""
    with pytest.MonkeyPatch.context() as patched:
        return walked_in(tmp_path_factory.mktemp("walk"), patched, sqlite_template)


def wrong(answers: list[Answer]) -> list[str]:
    """What a failing test shows."""
    return sorted({answer.where for answer in answers})


def test_every_address_is_known() -> None:
    """Whoever adds one says in known.py whose it is; what is gone is taken out."""
    endpoints = {rule.endpoint for rule in routes(all_of_it())}
    listed = set().union(*KINDS.values())
    assert (endpoints - listed, listed - endpoints) == (set(), set())
    assert sum(map(len, KINDS.values())) == len(listed)


def test_every_argument_is_known() -> None:
    used = {argument for rule in routes(all_of_it()) for argument in rule.arguments}
    assert (used - set(ARGUMENTS), set(ARGUMENTS) - used) == (set(), set())


def test_what_is_public_says_so() -> None:
    """In the code as in known.py."""
    app = all_of_it()
    marked = {rule.endpoint for rule in routes(app) if is_public(app.view_functions[rule.endpoint])}
    assert marked == PUBLIC | BY_SECRET


def test_nobody_is_told_what_is_private(walked: Walk) -> None:
    assert wrong([answer for answer in walked.of_others() if answer.leaks]) == []


def test_nobody_changes_what_is_somebody_elses(walked: Walk) -> None:
    assert walked.changed == {}


def test_a_stranger_is_sent_to_the_sign_in_page(walked: Walk) -> None:
    asked = [answer for answer in walked.answers if answer.role == "stranger"]
    closed = [answer for answer in asked if answer.endpoint not in PUBLIC | BY_SECRET]
    assert len(closed) > 100
    assert (
        wrong(
            [
                answer
                for answer in closed
                if not answer.location.startswith("/sign-in") and answer.status not in (400, 401)
            ]
        )
        == []
    )


def test_what_is_one_members_is_not_there_for_others(walked: Walk) -> None:
    """Not for colleagues, not for the company's admins."""
    asked = [answer for answer in walked.of_others() if answer.role != "stranger"]
    own = [answer for answer in asked if answer.endpoint in OWN]
    assert len(own) > 300
    assert wrong([a for a in own if a.status not in REFUSED and not _sent_back(a)]) == []


def _sent_back(answer: Answer) -> bool:
    """Whether a form led to the asker's own list, where it says that there is no such thing."""
    return answer.status == 303 and answer.location in ("/calls/", "/contacts/", "/tasks/")


def test_what_is_one_companys_is_not_there_elsewhere(walked: Walk) -> None:
    asked = [answer for answer in walked.answers if answer.role in OTHER_COMPANY]
    inside = [answer for answer in asked if answer.endpoint in COMPANY]
    assert inside != []
    assert wrong([answer for answer in inside if answer.status not in REFUSED]) == []


def test_the_admins_pages_are_for_admins(walked: Walk) -> None:
    """To everybody else they are not there; to another company's admin, no thing of this one."""
    asked = [answer for answer in walked.answers if answer.endpoint in ADMINS]
    others = [a for a in asked if a.role in ("colleague", "member elsewhere", HERSELF)]
    assert wrong([answer for answer in others if answer.status not in REFUSED]) == []
    opened = {
        answer.endpoint for answer in asked if answer.role == OWN_ADMIN and answer.status < 400
    }
    assert {"admin_trust.show", "admin.connections", "developers.show"} <= opened


def test_no_address_breaks(walked: Walk) -> None:
    broken = [answer for answer in walked.answers if answer.status >= 500]
    assert wrong([answer for answer in broken if answer.status != 503]) == []


def test_the_owner_is_told_all_of_it(walked: Walk) -> None:
    """Or the other tests could not fail."""
    told = {mark for a in walked.answers if a.role == HERSELF for mark in a.leaks}
    assert told == set(MARKS)


def test_no_answer_leads_to_another_site(walked: Walk) -> None:
    """Whatever stands in `next` and its like, and whatever page the request says it comes from."""
    away = [
        answer
        for answer in walked.answers
        if answer.endpoint not in FOREIGN_HOSTS
        and (ELSEWHERE in urlsplit(answer.location.replace("\\", "/")).netloc or _leaves(answer))
    ]
    assert wrong(away) == []


def _leaves(answer: Answer) -> bool:
    """Whether the location is not a path of this site, as browsers read it."""
    plain = answer.location.replace("\\", "/").replace("%09", "")
    return bool(plain) and (not plain.startswith("/") or plain.startswith("//"))


def test_every_answer_obeys_the_content_security_policy(walked: Walk) -> None:
    """Each carries it and its companions; no page has a script or a style of its own."""
    loose = [(answer.where, answer.unsafe) for answer in walked.answers if answer.unsafe]
    assert loose == []


def test_nothing_is_done_without_the_sessions_token(walked: Walk) -> None:
    """Another site can make a browser send a form, but cannot know the token."""
    asked = [answer for answer in walked.without_token if answer.endpoint not in NO_TOKEN]
    assert len(asked) > 50
    done = [
        answer
        for answer in asked
        if answer.status != 400
        and not (answer.endpoint == "shell.try_sign_in" and answer.location.startswith("/sign-in"))
    ]
    assert wrong(done) == []
    assert walked.changed_without_token == set()


def test_whoever_has_to_wait_makes_andock_call_nobody(walked: Walk) -> None:
    """Tests, searches, previews, runs: each is counted, and says when to try again."""
    assert {answer.endpoint for answer in walked.waiting} == CALLING
    assert wrong([a for a in walked.waiting if a.status != 429 or not a.retry_after]) == []


def test_what_queues_a_job_is_counted(walked: Walk) -> None:
    """So the list of the test before is complete."""
    queued = {a.endpoint for a in walked.answers if a.queued and a.endpoint not in ADMINS}
    assert queued - CALLING == set()
    assert len(queued) >= 5


def test_the_table_in_the_docs_is_current(walked: Walk) -> None:
    """`python -m tests.walk` writes it."""
    assert PAGE.read_text() == page(walked)


def test_every_kind_has_its_addresses(walked: Walk) -> None:
    assert {kind_of(answer.endpoint) for answer in walked.answers} == set(KINDS)
