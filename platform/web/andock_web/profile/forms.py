"""What the profile's form sends, and its words for what is wrong."""

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from andock_core.accounts import LONGEST_PASSWORD, SHORTEST_PASSWORD, MemberInfo
from andock_core.accounts.profile import Habits
from andock_web.plain import one_line


def of_member(member: MemberInfo) -> Habits:
    """The form as it begins."""
    return Habits(
        name=member.name,
        zone=member.zone,
        week_start=member.week_start,
        work_start=member.work_start,
        work_end=member.work_end,
        scheme=member.scheme,
        shortcuts=member.shortcuts,
    )


def read(form: MultiDict[str, str]) -> Habits:
    """What was sent, unchecked (see `andock_core.accounts.profile.problems`)."""
    week = form.get("week_start", "")
    return Habits(
        name=one_line(form.get("name", "")),
        zone=form.get("zone", "").strip(),
        week_start=int(week) if week.isdecimal() and len(week) == 1 else 0,
        work_start=form.get("work_start", ""),
        work_end=form.get("work_end", ""),
        scheme=form.get("scheme", ""),
        shortcuts=form.get("shortcuts") == "yes",
    )


def sentence(key: str) -> str:
    """A message key of `andock_core.accounts` in words."""
    words: dict[str, str] = {
        "name.unusable": _("Please enter a name of at most 200 characters."),
        "zone.unknown": _("There is no such time zone. Choose one of the list."),
        "week.unusable": _("Choose one of the days."),
        "scheme.unusable": _("Choose one of the three."),
        "hours.unusable": _("Please enter times such as 08:00."),
        "hours.backwards": _("The end lies before the start."),
        "picture.none": _("Choose a picture first."),
        "picture.large": _("The picture is larger than 1 MB. Choose a smaller one."),
        "picture.wide": _("The picture is wider or higher than 4,096 pixels. Make it smaller."),
        "picture.unknown": _("That is no picture that Andock knows. Choose a JPEG or a PNG."),
        "password.wrong": _("That is not your present password."),
        "password.short": _(
            "A password needs at least %(number)s characters.", number=SHORTEST_PASSWORD
        ),
        "password.long": _(
            "A password has at most %(number)s characters.", number=LONGEST_PASSWORD
        ),
        "password.unequal": _("The two new passwords are not the same."),
    }
    return words[key]
