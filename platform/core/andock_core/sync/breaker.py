"""The delete breaker: too many deletes at once are a fault until a person says they are meant."""

LEAST, MOST, SHARE = 3, 50, 0.20
HOURS = 24


def allowed(pairs: int) -> int:
    """How many deletes in one direction a collection of `pairs` may see within 24 hours."""
    return min(MOST, max(LEAST, int(pairs * SHARE)))


def holds(pairs: int, recent: int, planned: int) -> bool:
    """Whether `planned` deletes have to wait for a person.

    `pairs` counts what is paired now, `recent` the deletes of the last 24 hours in the same
    direction; those were pairs too. A series is one pair, so it counts once.
    """
    return planned > 0 and recent + planned > allowed(pairs + recent)
