"""The sync core: planner, merge and executor over ports. Pure: see README.md."""
