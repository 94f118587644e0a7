"""The pages of a move, by plain forms."""

import re

import pytest
from flask import Flask

import andock_marketplace
from andock_web.app import create_app
from tests.connections.world import GOOD
from tests.marketplace.visitor import Visitor, words
from tests.moving.house import ACCOUNT, House
from tests.support.memory_plugin import SLUG

ANSWERS = {f"answer-{name}": value for name, value in GOOD.items()}


@pytest.fixture
def app(house: House) -> Flask:
    """The shell with the marketplace, without any other area."""
    application = create_app(house.world.core)
    andock_marketplace.register(application)
    return application


@pytest.fixture
def anna(app: Flask, house: House) -> Visitor:
    """Anna's browser, in German."""
    return Visitor(app, house.world.anna)


def test_an_integration_offers_to_move_what_it_would_stand_beside(
    house: House, anna: Visitor
) -> None:
    """Whoever adds the new side anew would have everything twice."""
    page = anna.get(f"/marketplace/{SLUG}")
    assert "Ist dieses Postfach umgezogen?" in words(page)
    assert f'href="/connections/{house.old_id}/move"' in page


def test_what_is_not_in_use_is_not_offered_to_be_moved(house: House, app: Flask) -> None:
    ben = Visitor(app, house.world.ben)
    assert "umgezogen" not in words(ben.get(f"/marketplace/{SLUG}"))


def test_the_whole_way(house: House, anna: Visitor) -> None:
    """Where to, access, test, choice, preview, switch, back: every step by a plain form."""
    house.mailbox_moves()
    old = f"/connections/{house.old_id}"
    assert f'href="{old}/move"' in anna.get(old)
    page = anna.get(f"{old}/move")
    assert "Wohin zieht diese Verbindung um?" in words(page)

    page = anna.follow(f"{old}/move", {"goal": SLUG})
    new = re.search(r"(/connections/\w+)/access", page)
    assert new
    base = new[1]
    assert "Umzug fortsetzen" in words(anna.get(old))
    anna.follow(f"{base}/access", {**ANSWERS, "answer-user": ACCOUNT, "act": "test"})
    house.world.work()
    page = anna.get(f"{base}/choice")
    assert "Was übernimmt?" in words(page)
    taken = dict(re.findall(r'name="(takes-\w+)".*?value="([^"]*)" selected', page, re.DOTALL))
    assert sorted(taken.values()) == sorted(house.new)

    page = anna.follow(f"{base}/move/choice", taken)
    assert "Ihre Auswahl wird gespeichert." in words(page)
    house.world.work()
    page = words(anna.get(f"{base}/move/preview"))
    assert "Auf beiden Seiten 4 Davon verschieden 0" in page
    assert "Kalender 3 werden wiedererkannt." in page
    assert "0 E-Mails werden verschickt." in page

    seen = re.search(r'name="seen" value="(\w+)"', anna.get(f"{base}/move/preview"))
    assert seen
    page = words(anna.follow(f"{base}/move/switch", {"seen": seen[1]}))
    assert "Umgeschaltet." in page
    house.world.work()
    mine = words(anna.get("/marketplace/mine"))
    assert "Abgelöst" in mine
    assert "Umzug zurücknehmen" in words(anna.get(f"{old}/move"))

    page = words(anna.follow(f"{base}/move/back"))
    assert "Der Umzug ist zurückgenommen." in page
    assert [house.state(house.old_id), house.state(base.rpartition("/")[2])] == ["active", "moving"]


def test_an_end_to_the_old_side(house: House, anna: Visitor) -> None:
    """Afterwards the connection is like any other."""
    house.mailbox_moves()
    new_id = house.moved()
    page = words(anna.follow(f"/connections/{new_id}/move/end"))
    assert "Die alte Seite ist getrennt." in page
    assert "Mit dieser Verbindung umziehen" in page
    assert house.state(house.old_id) == ""


def test_the_same_place_twice_is_told(house: House, anna: Visitor) -> None:
    """And nothing is saved."""
    new_id = house.signed_in()
    page = anna.get(f"/connections/{new_id}/move/choice")
    names = re.findall(r'<select[^>]* name="(takes-\w+)"', page)
    answer = anna.post(f"/connections/{new_id}/move/choice", dict.fromkeys(names, house.new[0]))
    assert answer.status_code == 422
    assert "Derselbe Ort wurde zweimal gewählt." in words(answer.text)


@pytest.mark.more
def test_giving_up_leads_back_to_the_connection(house: House, anna: Visitor) -> None:
    """Which was never touched."""
    new_id = house.signed_in()
    page = words(anna.follow(f"/connections/{new_id}/move/cancel"))
    assert "Der Umzug ist abgebrochen." in page
    assert [house.state(new_id), house.state(house.old_id)] == ["", "active"]


@pytest.mark.more
def test_a_run_under_way_is_told_instead_of_switching(house: House, anna: Visitor) -> None:
    """The member may try again."""
    from andock_core.jobs import lease as leases

    house.mailbox_moves()
    new_id = house.ready()
    lease = leases.acquire(house.world.core.storage, house.old_id, "worker")
    assert lease is not None
    seen = re.search(r'name="seen" value="(\w+)"', anna.get(f"/connections/{new_id}/move/preview"))
    assert seen
    page = words(anna.follow(f"/connections/{new_id}/move/switch", {"seen": seen[1]}))
    assert "Eine Synchronisation läuft." in page
    assert house.state(new_id) == "moving"


@pytest.mark.more
def test_a_mailbox_in_which_most_is_missing_needs_the_tick_and_two_tabs_switch_once(
    house: House, anna: Visitor
) -> None:
    """Also without a script, and with a form that another tab has kept."""
    new_id = house.ready()
    base = f"/connections/{new_id}/move"
    page = anna.get(f"{base}/preview")
    assert "Sie haben sich als anna@new.example angemeldet." in words(page)
    assert "Das meiste von dem, was Andock kennt, ist dort nicht." in words(page)
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen
    told = words(anna.follow(f"{base}/switch", {"seen": seen[1]}))
    assert "Ist es das richtige Postfach?" in told
    assert house.state(new_id) == "moving"
    for _tab in range(2):
        told = words(anna.follow(f"{base}/switch", {"seen": seen[1], "strange": "1"}))
        assert "Umgeschaltet." in told
    house.world.work()
    for _tab in range(2):
        told = words(anna.follow(f"{base}/end"))
    assert "Dieser Umzug kann nicht weitergehen." in told
    assert [house.state(new_id), house.state(house.old_id)] == ["active", ""]


@pytest.mark.more
def test_a_move_is_given_up_on_the_page_of_the_connection_so_far(
    house: House, anna: Visitor
) -> None:
    """Also before the new side ever let anybody in."""
    old = f"/connections/{house.old_id}"
    page = anna.follow(f"{old}/move", {"goal": SLUG})
    new = re.search(r"/connections/(\w+)/access", page)
    assert new
    assert "Die bisherige Verbindung" in words(page)
    assert f'action="/connections/{new[1]}/move/cancel"' in anna.get(old).replace(
        house.old_id, new[1]
    )
    assert "Der Umzug ist abgebrochen." in words(anna.follow(f"{old}/move/cancel"))
    assert [house.state(new[1]), house.state(house.old_id)] == ["", "active"]


def test_to_somebody_else_it_is_not_there(house: House, app: Flask) -> None:
    """Neither the old one nor the new one."""
    new_id = house.ready()
    ben = Visitor(app, house.world.ben)
    for number in (house.old_id, new_id):
        for path in ("move", "move/choice", "move/preview", "move/preview/part"):
            assert ben.look(f"/connections/{number}/{path}").status_code == 404
