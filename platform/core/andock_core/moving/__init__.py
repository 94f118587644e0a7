"""Moving house: a connection's place is taken by one to where its mailbox has gone.

`pairing` and `carrying` are pure. `service` begins a move and says how far it is, `looking` finds
out in a worker what switching over would do, `switching` does it, and takes it back.
"""
