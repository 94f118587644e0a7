"""Notices reach the one whom they are for, in the app and by mail."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

import pytest

from andock_core import notices
from andock_core.clock import now
from andock_core.storage import Member
from tests.connections.world import World
from tests.support.memory_plugin import SLUG


def tell(world: World, kind: str = "request.approved") -> str:
    """Anna is told something."""
    facts = {"integration": SLUG, "word": "Go"}
    with world.core.storage.write(world.anna) as session:
        return notices.tell(session, world.anna.tenant_id, world.anna.member_id, kind, **facts)


def test_a_notice_is_its_members_alone(world: World) -> None:
    """Nobody else reads it, or marks it as read."""
    told = tell(world)
    for other in (world.ben, world.zoe):
        assert notices.listed(world.core.storage, other) == []
        assert notices.mark_read(world.core.storage, other, told) is None
        notices.mark_all_read(world.core.storage, other)
    assert notices.unread(world.core.storage, world.anna) == 1


def test_what_is_read_counts_no_more(world: World) -> None:
    """One by one, and all at once."""
    told = tell(world)
    tell(world)
    assert notices.mark_read(world.core.storage, world.anna, told) is not None
    assert notices.unread(world.core.storage, world.anna) == 1
    notices.mark_all_read(world.core.storage, world.anna)
    assert notices.unread(world.core.storage, world.anna) == 0


def test_old_notices_go(world: World) -> None:
    """After ninety days."""
    tell(world)
    notices.purge(world.core.storage, now() + timedelta(days=89))
    assert len(notices.listed(world.core.storage, world.anna)) == 1
    notices.purge(world.core.storage, now() + timedelta(days=91))
    assert notices.listed(world.core.storage, world.anna) == []


@pytest.mark.parametrize(("language", "says"), [("de", "genehmigt"), ("en", "approved")])
def test_a_letter_speaks_the_members_language(world: World, language: str, says: str) -> None:
    """And names the integration as the plugin does in it."""
    with world.core.storage.write(world.anna) as session:
        session.get_one(Member, world.anna.member_id).language = language
    told = tell(world)
    with patch("andock_core.mail.send", return_value=True) as send:
        assert notices.mail_out(world.core, told)
    _, to, subject, text = send.call_args.args
    assert to == "anna@musterfirma.test"
    assert says in text
    assert {"de": "Gedächtniskalender", "en": "Memory Calendar"}[language] in subject


def test_what_was_read_meanwhile_is_not_mailed(world: World) -> None:
    """Nor what is told in the app alone."""
    told, alone = tell(world), tell(world, "connection.resumed")
    notices.mark_read(world.core.storage, world.anna, told)
    with patch("andock_core.mail.send", return_value=True) as send:
        assert not notices.mail_out(world.core, told)
        assert not notices.mail_out(world.core, alone)
    assert send.call_count == 0


def test_without_a_mail_server_no_job_is_made(world: World) -> None:
    """With one there is a job for each; a queue that is away harms nothing."""
    told = tell(world)
    notices.post(world.core, [told])
    assert world.jobs.jobs == []
    world.core.settings = replace(world.core.settings, smtp_url="smtp://mail.test?from=a@b.test")
    notices.post(world.core, [told])
    assert world.jobs.jobs == [("background", "mail_notice", (told,))]
    world.jobs.down = True
    notices.post(world.core, [told])
