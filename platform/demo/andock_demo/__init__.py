"""`make run`: the whole of Andock on one machine, with a stand-in Exchange and invented people."""
