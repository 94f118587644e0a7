"""Why a plugin does not work: a sentence in plain English, with what pages need to say it in
another language."""

from collections.abc import Mapping

from andock_core.host.cleaning import clean

LONGEST_VALUE = 300  # characters
SENTENCES: Mapping[str, str] = {
    "contract.newer": "made for contract %(wanted)s, this Andock speaks %(spoken)s: update Andock",
    "contract.older": (
        "made for contract %(wanted)s, this Andock speaks %(spoken)s: update the plugin"
    ),
    "contract.unreadable": 'its attribute contract is not like "1.0"',
    "load.fails": "fails when it is loaded: %(detail)s",
    "load.ended": "ended without an answer",
    "load.slow": "did not answer within %(seconds)s seconds",
    "load.no_turn": "was not looked at: others took all the time there was",
    "entry.not_callable": "its entry point is not callable",
    "entry.nothing": "its entry point returned nothing",
    "hooks.arguments": "its hooks do not have the arguments that Andock hands over",
    "hooks.unknown": "has hooks that Andock does not know: %(names)s",
    "hooks.missing": "lacks hooks: %(names)s",
    "hooks.authorized": "names sign_in_hosts, and lacks the hook authorized",
    "describe.fails": "describe fails: %(detail)s",
    "describe.type": "describe returned %(type)s, not a Listing",
    "describe.no_data": "describe returned something that is not data",
    "describe.faults": "describe returned faults: %(places)s",
    "describe.nothing": "described nothing",
    "describe.icon": "its icon cannot be shown: %(detail)s",
    "jobs.fails": "jobs fails: %(detail)s",
    "jobs.type": "jobs did not return a list of OwnJob",
    "jobs.names": "jobs: two have the same name",
    "jobs.function": "jobs: there is no function %(name)s",
    "name.taken": "the name %(name)s is taken by %(owner)s",
    "switched_off": "switched off by the operator: andock plugins enable",
}
"""Key → sentence. Values are technical detail, which stays as it is in every language; in them is
nothing that a plugin's exception said."""


class Reason(str):
    """The English sentence; `key` and `values` are what it was made of."""

    __slots__ = ("key", "values")

    key: str
    values: Mapping[str, str]

    def __new__(cls, key: str, /, **values: str) -> "Reason":
        """Raises KeyError for a key that is none, or a value that is missing."""
        kept = {name: clean(value, LONGEST_VALUE) for name, value in values.items()}
        made = super().__new__(cls, SENTENCES[key] % kept)
        made.key, made.values = key, kept
        return made

    def told(self) -> dict[str, object]:
        """As JSON for another process, which hands it to `heard`."""
        return {"key": self.key, "values": dict(self.values)}


def heard(key: str, values: Mapping[str, str]) -> Reason:
    """What another process told. It may have told anything."""
    try:
        return Reason(key, **values)
    except (KeyError, TypeError, ValueError):
        return Reason("load.ended")
