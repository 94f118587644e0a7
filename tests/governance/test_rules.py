"""What a company allows, and what becomes of connections when it does not."""

import pytest

from andock_core import notices
from andock_core.clock import now
from andock_core.connections import service, status
from andock_core.connections.errors import OnRequest, SwitchedOff
from andock_core.governance import deciding, rules
from andock_core.governance.errors import NotAdmin, Unknown
from andock_core.governance.rules import Rule, State
from andock_core.governance.standing import Changed
from andock_core.jobs import due
from andock_core.jobs.claims import claim_due
from andock_core.storage import AuditEntry, Member, Run
from tests.connections.world import GOOD, World
from tests.support.memory_plugin import SLUG


def kinds(world: World) -> list[str]:
    """What Anna is told and has not read."""
    told = notices.listed(world.core.storage, world.anna)
    return [each.kind for each in told if not each.read]


def decide(world: World, everyone: State, *, admins: State | str = "", **named: State) -> Changed:
    """Ben decides about the memory integration; `anna`, `ben`: by name."""
    people = {"anna": world.anna.member_id, "ben": world.ben.member_id}
    rule = Rule(everyone, admins, {people[who]: state for who, state in named.items()})  # type: ignore[arg-type]
    return deciding.decide(world.core, world.ben, SLUG, rule)


@pytest.mark.parametrize(
    ("rule", "member", "admin"),
    [
        (Rule("off"), "off", "off"),
        (Rule("request", "on"), "request", "on"),
        (Rule("request", "on", {"m": "on", "a": "off"}), "on", "off"),
    ],
)
def test_the_most_particular_decision_counts(rule: Rule, member: State, admin: State) -> None:
    """By name before by role before for everyone."""
    assert (rule.state_for("m", "member"), rule.state_for("a", "admin")) == (member, admin)


def test_without_a_decision_everybody_may_add(world: World) -> None:
    """The default for a new integration."""
    assert service.add(world.core, world.anna, SLUG)


def test_what_is_off_is_not_added(world: World) -> None:
    """Nor on request without a yes."""
    decide(world, "off")
    with pytest.raises(SwitchedOff):
        service.add(world.core, world.anna, SLUG)
    decide(world, "request")
    with pytest.raises(OnRequest):
        service.add(world.core, world.anna, SLUG)
    decide(world, "request", anna="on")
    assert service.add(world.core, world.anna, SLUG)


def test_another_company_decides_for_itself(world: World) -> None:
    """Zoe's goes on."""
    decide(world, "off")
    assert rules.allowed(world.core, world.zoe)(SLUG) == "on"
    assert service.add(world.core, world.zoe, SLUG)


def test_only_admins_decide(world: World) -> None:
    """And about what there is, and their own people."""
    with pytest.raises(NotAdmin):
        deciding.decide(world.core, world.anna, SLUG, Rule("off"))
    with pytest.raises(NotAdmin):
        deciding.set_default(world.core, world.anna, "off")
    with pytest.raises(Unknown):
        deciding.decide(world.core, world.ben, "never-was", Rule("off"))
    with pytest.raises(Unknown):
        deciding.decide(world.core, world.ben, SLUG, Rule(named={world.zoe.member_id: "on"}))


def test_a_new_default_leaves_alone_what_is_here(world: World) -> None:
    """It holds for what is installed from then on."""
    deciding.set_default(world.core, world.ben, "off")
    may = rules.allowed(world.core, world.anna)
    assert (may(SLUG), may("installed-tomorrow")) == ("on", "off")


def test_switching_off_pauses_and_switching_on_resumes(world: World) -> None:
    """Nothing is deleted, and the member is told both times."""
    connection_id = world.in_use(world.anna)
    changed = decide(world, "off")
    assert (changed.stopped, changed.resumed) == (1, 0)
    (card,) = status.cards(world.core, world.anna)
    assert (card.state, card.stopped, kinds(world)) == ("active", "company", ["connection.stopped"])
    assert not due.request_run(world.core, world.anna, connection_id)
    assert claim_due(world.core.storage, now().replace(year=now().year + 1)) == []
    changed = decide(world, "on")
    assert (changed.stopped, changed.resumed) == (0, 1)
    assert kinds(world) == ["connection.resumed"]
    assert due.request_run(world.core, world.anna, connection_id)


def test_nothing_is_tested_or_run_past_a_rule(world: World) -> None:
    """Not by a form, nor by a job that was queued before."""
    connection_id = world.in_use(world.anna)
    service.request_sync(world.core, world.anna, connection_id)
    attempt = service.start_test(world.core, world.anna, connection_id, GOOD)
    decide(world, "off")
    runs = _runs(world)
    world.work()
    assert _runs(world) == runs
    assert status.attempt(world.core, world.anna, attempt).error == "integration.switched_off"
    with pytest.raises(SwitchedOff):
        service.start_test(world.core, world.anna, connection_id, GOOD)
    with pytest.raises(SwitchedOff):
        service.request_sync(world.core, world.anna, connection_id)


def test_on_request_leaves_connections_alone(world: World) -> None:
    """They were added when that was allowed."""
    connection_id = world.in_use(world.anna)
    assert decide(world, "request") == Changed()
    service.request_sync(world.core, world.anna, connection_id)


def test_a_member_disconnects_what_is_switched_off(world: World) -> None:
    """Letting go is always possible."""
    connection_id = world.in_use(world.anna)
    decide(world, "off")
    service.disconnect(world.core, world.anna, connection_id, keep_entries=True)
    assert world.row(connection_id) is None


def test_a_run_under_way_writes_nothing_more(world: World) -> None:
    """It has lost its lease."""
    from andock_core.jobs import lease

    connection_id = world.in_use(world.anna)
    held = lease.acquire(world.core.storage, connection_id, "somebody")
    assert held is not None
    decide(world, "off")
    with pytest.raises(lease.LeaseLost):
        lease.renew(world.core.storage, held)


def test_who_becomes_an_admin_may_what_admins_may(world: World) -> None:
    """A run sees the role as it is."""
    from andock_core.governance import standing

    connection_id = world.in_use(world.anna)
    decide(world, "off", admins="on")
    assert not standing.may_run(world.core, connection_id)
    with world.core.storage.write(world.anna) as session:
        session.get_one(Member, world.anna.member_id).role = "admin"
    assert standing.may_run(world.core, connection_id)
    assert world.row(connection_id).stopped == ""


def test_each_decision_is_in_the_audit_log(world: World) -> None:
    """Who, what, about which integration."""
    decide(world, "off", anna="on")
    deciding.set_default(world.core, world.ben, "request")
    with world.core.storage.read(world.ben) as session:
        rows = session.query(AuditEntry).filter(AuditEntry.action.startswith("rule."))
        deeds = {row.action: (row.actor_id, row.integration, dict(row.facts)) for row in rows}
    who, slug, facts = deeds["rule.changed"]
    assert (who, slug, facts["everyone"], facts["named"]) == (world.ben.member_id, SLUG, "off", 1)
    assert deeds["rule.default"][2] == {"everyone": "request"}


def _runs(world: World) -> int:
    with world.core.storage.read(world.anna) as session:
        return session.query(Run).count()
