"""The sync core's proof: schedules made from a seed, and what must hold after each.

People edit on both sides, also during runs; calls and commits fail; the shipped planner and
executor do the work. `checks.check(seed)` plays one against models of both sides. It is shipped so
that a plugin's author can let the same schedules run over their connector (`driving`), as the
contract's rule `schedules-hold` does. Nothing of Andock at work imports it.
"""
