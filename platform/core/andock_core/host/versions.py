"""What contract a plugin was made for, and whether this Andock speaks it (see
`andock_sdk.versions`)."""

import re
from importlib.metadata import PackageNotFoundError, requires

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

import andock_sdk
from andock_core.host.reasons import Reason
from andock_sdk import CONTRACT

SDK = "andock-sdk"
LOWER, UPPER = (">=", ">", "~=", "==", "==="), ("<", "<=")
_VERSION = re.compile(r"\d{1,4}\.\d{1,4}")


class OtherContract(Exception):
    """The plugin was made for a contract that this Andock does not speak. `reason` says what to
    do."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def required(distribution: str) -> SpecifierSet | None:
    """Which versions of the SDK a package says it works with; None when it says nothing."""
    try:
        wanted = requires(distribution) if distribution else None
    except (PackageNotFoundError, ValueError):
        return None
    for text in wanted or ():
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            continue
        if re.sub(r"[-_.]+", "-", requirement.name).lower() == SDK:
            return requirement.specifier
    return None


def check_requirement(wanted: SpecifierSet | None, present: str = andock_sdk.__version__) -> str:
    """The contract that a requirement asks for ("1"), "" when it asks for none.

    Raises OtherContract when the SDK that is `present` is none of those.
    """
    if wanted is None or not str(wanted):
        return ""
    version = Version(present)
    lowest = [_base(s.version) for s in wanted if s.operator in LOWER]
    if wanted.contains(version, prereleases=True):
        return str(version.major)
    if lowest and max(lowest) > version:
        raise OtherContract(_says(str(max(lowest).major), str(wanted), present, newer=True))
    made_for = max(lowest).major if lowest else _below(wanted)
    raise OtherContract(_says(str(made_for), str(wanted), present, newer=False))


def check_attribute(plugin: object, present: str = CONTRACT) -> str:
    """The contract that an integration object names ("1.2"), "" when it names none.

    Raises OtherContract.
    """
    named = getattr(plugin, "contract", None)
    if named is None:
        return ""
    if not isinstance(named, str) or not _VERSION.fullmatch(named):
        raise OtherContract(Reason("contract.unreadable"))
    (major, minor), (ours, newest) = (map(int, text.split(".")) for text in (named, present))
    if major < ours:
        raise OtherContract(_says(named, "", "", newer=False, speaks=present))
    if (major, minor) > (ours, newest):
        raise OtherContract(_says(named, "", "", newer=True, speaks=present))
    return named


def _says(
    made_for: str, wanted: str, present: str, *, newer: bool, speaks: str = CONTRACT
) -> Reason:
    details = f" ({SDK} {wanted})" if wanted else ""
    has = f" ({SDK} {present})" if wanted else ""
    key = "contract.newer" if newer else "contract.older"
    return Reason(key, wanted=made_for + details, spoken=speaks + has)


def _below(wanted: SpecifierSet) -> int:
    """The major version that a bare upper bound leaves."""
    bounds = [(_base(s.version), s.operator) for s in wanted if s.operator in UPPER]
    if not bounds:
        return 0
    version, operator = min(bounds)
    whole = operator == "<" and version == Version(str(version.major))
    return max(0, version.major - whole)


def _base(text: str) -> Version:
    return Version(text.removesuffix(".*"))
