"""Jobs: RQ executes, SQL decides. See lease.py (who may run), due.py (when), dispatcher.py."""
