"""Asking for an integration, and the answer."""

import pytest

from andock_core import notices
from andock_core.connections import service
from andock_core.connections.errors import OnRequest, SwitchedOff
from andock_core.governance import deciding, requests
from andock_core.governance.errors import AskedAlready, NotAdmin, NotAsked, Unknown
from andock_core.governance.requests import Asked
from andock_core.governance.rules import Rule
from andock_core.storage import Scope
from tests.connections.world import World
from tests.support.memory_plugin import SLUG


@pytest.fixture
def asked(world: World) -> Asked:
    """Anna has asked."""
    deciding.decide(world.core, world.ben, SLUG, Rule("request"))
    requests.ask(world.core, world.anna, SLUG, "For our\ncalendar")
    return requests.mine(world.core, world.anna)[SLUG]


def new(world: World, who: Scope) -> list[tuple[str, str]]:
    """Kind and word of what somebody has not read."""
    told = notices.listed(world.core.storage, who)
    return [(each.kind, str(each.facts.get("word", ""))) for each in told if not each.read]


def test_the_admins_are_told_with_the_word(world: World, asked: Asked) -> None:
    """The one who asks is not."""
    assert (asked.state, asked.why) == ("asked", "For our calendar")
    assert new(world, world.ben) == [("request.asked", "For our calendar")]
    assert new(world, world.anna) == new(world, world.zoe) == []


def test_the_same_is_not_asked_twice(world: World, asked: Asked) -> None:
    """A double click makes one request."""
    with pytest.raises(AskedAlready):
        requests.ask(world.core, world.anna, SLUG, "Again")
    assert requests.waiting(world.core, world.ben) == 1


def test_an_approved_member_may_add_it(world: World, asked: Asked) -> None:
    """They alone; they are told with the admin's word, and the admins' notice is settled."""
    assert (
        requests.answer(world.core, world.ben, asked.id, approve=True, word="Go") == "Anna Krüger"
    )
    assert service.add(world.core, world.anna, SLUG)
    with pytest.raises(OnRequest):
        service.add(world.core, world.ben, SLUG)
    assert new(world, world.anna) == [("request.approved", "Go")]
    assert new(world, world.ben) == []


def test_who_was_declined_may_ask_once_more(world: World, asked: Asked) -> None:
    """And adds nothing meanwhile."""
    requests.answer(world.core, world.ben, asked.id, approve=False, word="Not yet")
    assert new(world, world.anna) == [("request.declined", "Not yet")]
    with pytest.raises(OnRequest):
        service.add(world.core, world.anna, SLUG)
    assert requests.ask(world.core, world.anna, SLUG, "Now?") != asked.id


def test_a_request_is_taken_back(world: World, asked: Asked) -> None:
    """Nobody has to answer it any more, nor can."""
    requests.take_back(world.core, world.anna, SLUG)
    assert (requests.mine(world.core, world.anna), new(world, world.ben)) == ({}, [])
    with pytest.raises(Unknown):
        requests.answer(world.core, world.ben, asked.id, approve=True)
    with pytest.raises(OnRequest):
        service.add(world.core, world.anna, SLUG)


def test_only_admins_of_the_company_answer(world: World, asked: Asked) -> None:
    """Neither the member nor somebody elsewhere."""
    for who in (world.anna, world.zoe):
        with pytest.raises(NotAdmin):
            requests.answer(world.core, who, asked.id, approve=True)
    with pytest.raises(NotAdmin):
        requests.listed(world.core, world.anna)


def test_what_is_on_or_off_is_not_asked_for(world: World) -> None:
    """There is nothing to answer."""
    with pytest.raises(NotAsked):
        requests.ask(world.core, world.anna, SLUG, "")
    deciding.decide(world.core, world.ben, SLUG, Rule("off"))
    with pytest.raises(SwitchedOff):
        requests.ask(world.core, world.anna, SLUG, "")


@pytest.mark.parametrize(("rule", "outcome"), [("on", "approved"), ("off", "declined")])
def test_a_new_rule_answers_open_requests(
    world: World, asked: Asked, rule: str, outcome: str
) -> None:
    """Nobody waits for an answer that the rule gives already."""
    deciding.decide(world.core, world.ben, SLUG, Rule(rule))  # type: ignore[arg-type]
    assert requests.mine(world.core, world.anna)[SLUG].state == outcome
    assert new(world, world.anna) == [(f"request.{outcome}", "")]
