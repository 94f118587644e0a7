"""The contract as tests: rules with levels, which any plugin can be held against.

Nothing here needs pytest but `pytest_plugin`, which pytest finds by itself. `rules()` lists the
rules, `Harness` is what an author gives, `docs/reference/contract.md` explains them.
"""

from andock_sdk.contract.harness import Call, Cannot, Fault, Harness, NotApplicable, Seen
from andock_sdk.contract.network import LocalEgress
from andock_sdk.contract.quality import LEVELS, Level, Quality, QualityError
from andock_sdk.contract.rules import Rule, rules

__all__ = [
    "LEVELS",
    "Call",
    "Cannot",
    "Fault",
    "Harness",
    "Level",
    "LocalEgress",
    "NotApplicable",
    "Quality",
    "QualityError",
    "Rule",
    "Seen",
    "rules",
]
