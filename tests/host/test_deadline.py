"""Deadlines nest, and the one that ends first counts."""

import os
import signal
import subprocess
import sys
import time

import pytest

from andock_core.host.deadline import DeadlinePassed, deadline


def sleep_through(caught: type[BaseException]) -> None:
    """What a plugin does that catches what it should not."""
    try:
        time.sleep(5)
    except caught:
        time.sleep(30)


def sleep_after_another_deadline() -> None:
    """A short block with a deadline of its own, and then a long one."""
    with deadline(0.2):
        time.sleep(0.1)
    time.sleep(5)


def test_a_block_in_time_is_left_alone() -> None:
    """And no alarm goes off afterwards."""
    with deadline(0.2):
        pass
    time.sleep(0.3)


def test_a_block_that_takes_too_long_is_broken_off() -> None:
    """By an exception that `except Exception` does not catch."""
    with pytest.raises(DeadlinePassed), deadline(0.1):
        sleep_through(Exception)


def test_the_outer_deadline_ends_a_longer_inner_one() -> None:
    """A hook gets no more time than its task has left."""
    begun = time.monotonic()
    with pytest.raises(DeadlinePassed), deadline(0.2), deadline(60):
        time.sleep(5)
    assert time.monotonic() - begun < 2


def test_the_outer_deadline_goes_on_after_the_inner_one() -> None:
    """The time that the inner block took counts."""
    begun = time.monotonic()
    with pytest.raises(DeadlinePassed), deadline(0.5):
        sleep_after_another_deadline()
    assert 0.4 < time.monotonic() - begun < 2


def test_an_exception_swallowed_once_comes_again() -> None:
    """Python drops what is raised while an object is deleted; the alarm goes off once more."""
    begun = time.monotonic()
    with pytest.raises(DeadlinePassed), deadline(0.1):
        sleep_through(BaseException)
    assert time.monotonic() - begun < 10


def test_a_work_horse_that_cannot_be_interrupted_ends_itself() -> None:
    """Code that blocks signals hears no alarm, so the process goes."""
    code = (
        "import signal, time\n"
        "from andock_core.host import deadline\n"
        "deadline.GRACE_SECONDS = 0.2\n"
        "deadline.expendable()\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})\n"
        "with deadline.deadline(0.2):\n"
        "    time.sleep(30)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], env=os.environ, timeout=20, check=False)
    assert ended.returncode == -signal.SIGKILL
