"""An RQ worker: `python worker.py --queue interactive|background [--scheduler]`.

Run at least one for each queue. `--scheduler` runs a dispatcher beside it, which queues what is
due; one is enough, several do no harm.
"""

from andock_core.jobs.worker import main

if __name__ == "__main__":
    main()
