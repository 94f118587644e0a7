"""The states of a connection that has to do with a move (see `Connection.state`). Neither runs."""

MOVING = "moving"
"""The new one, from its beginning until the switch, and again after the move was taken back."""
PARKED = "parked"
"""The old one, from the switch until it is disconnected."""
RESTING = (MOVING, PARKED)

CHOOSING, SWITCHED = "choosing", "switched"
"""The states of a move."""
