"""What a diagnosis is started with: the form's answers, and whether an entry may be written."""

from andock_sdk import Answers

_PROBE = "write-probe"  # no field of a form is spelled like this


def together(answers: Answers, *, write_probe: bool) -> Answers:
    """Both as one draft."""
    return {**answers, _PROBE: write_probe}


def apart(draft: Answers) -> tuple[Answers, bool]:
    """The answers, and whether an entry may be written."""
    return {k: v for k, v in draft.items() if k != _PROBE}, draft.get(_PROBE) is True
