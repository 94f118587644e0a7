"""The words for reasons and for calls that are set aside. Technical detail stays as it is."""

from flask_babel import LazyString, gettext as _, lazy_gettext as _l

from andock_core.host import breaker
from andock_core.host.reasons import Reason

_SENTENCES: dict[str, LazyString] = {
    "contract.newer": _l(
        "made for contract %(wanted)s, this Andock speaks %(spoken)s: update Andock"
    ),
    "contract.older": _l(
        "made for contract %(wanted)s, this Andock speaks %(spoken)s: update the plugin"
    ),
    "contract.unreadable": _l('its attribute contract is not like "1.0"'),
    "load.fails": _l("fails when it is loaded: %(detail)s"),
    "load.ended": _l("ended without an answer"),
    "load.slow": _l("did not answer within %(seconds)s seconds"),
    "load.no_turn": _l("was not looked at: others took all the time there was"),
    "entry.not_callable": _l("its entry point is not callable"),
    "entry.nothing": _l("its entry point returned nothing"),
    "hooks.arguments": _l("its hooks do not have the arguments that Andock hands over"),
    "hooks.unknown": _l("has hooks that Andock does not know: %(names)s"),
    "hooks.missing": _l("lacks hooks: %(names)s"),
    "hooks.authorized": _l("names sign_in_hosts, and lacks the hook authorized"),
    "describe.fails": _l("describe fails: %(detail)s"),
    "describe.type": _l("describe returned %(type)s, not a Listing"),
    "describe.no_data": _l("describe returned something that is not data"),
    "describe.faults": _l("describe returned faults: %(places)s"),
    "describe.nothing": _l("described nothing"),
    "describe.icon": _l("its icon cannot be shown: %(detail)s"),
    "jobs.fails": _l("jobs fails: %(detail)s"),
    "jobs.type": _l("jobs did not return a list of OwnJob"),
    "jobs.names": _l("jobs: two have the same name"),
    "jobs.function": _l("jobs: there is no function %(name)s"),
    "name.taken": _l("the name %(name)s is taken by %(owner)s"),
    "switched_off": _l("switched off by the operator: andock plugins enable"),
}


def reason_of(broken: str) -> str:
    """Why a plugin does not work. A text that is no Reason comes back as it is."""
    if not isinstance(broken, Reason):
        return broken
    return str(_SENTENCES[broken.key]) % broken.values


def call_of(call: str) -> str:
    """A kind of call as `breaker` names it: what the plugin does then."""
    if call == breaker.OBSERVERS:
        said = _("it listens to what happens to connections")
    elif call == breaker.WEBHOOK:
        said = _("it hears calls from the other side")
    else:
        said = _("its job %(name)s", name=call.removeprefix(breaker.job_call("")))
    return str(said)
