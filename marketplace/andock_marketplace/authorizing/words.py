"""The words for signing in at another site."""

from flask_babel import LazyString, lazy_gettext as _l

ERRORS: dict[str, tuple[LazyString, LazyString]] = {
    "sign_in.no_state": (
        _l("This answer belongs to no sign-in."),
        _l(
            "Somebody may have sent you this address, or it was cut short. Nothing was done. "
            "Start again at the integration's page. If you only approved the access for "
            "others, you are done: tell them."
        ),
    ),
    "sign_in.unknown": (
        _l("Andock does not know this sign-in."),
        _l("It is too old, or of another company. Start again at the integration's page."),
    ),
    "sign_in.someone_else": (
        _l("Another person began this sign-in."),
        _l("You are signed in to Andock as somebody else. Sign in as that person and start again."),
    ),
    "sign_in.other_session": (
        _l("This sign-in was begun in another browser, or before you signed out."),
        _l("For your safety it does not count here. Start again."),
    ),
    "sign_in.used": (
        _l("This sign-in was used already."),
        _l("There is nothing for you to do here: the connection's page shows what became of it."),
    ),
    "sign_in.expired": (
        _l("Signing in took longer than ten minutes."),
        _l("Nothing was done. Start again; the other side usually remembers you."),
    ),
    "sign_in.signed_out": (
        _l("You are not signed in to Andock."),
        _l(
            "Nothing was done. Sign in, then start again at the integration's page. If you only "
            "approved the access for others, you can close this page."
        ),
    ),
    "approval.came": (
        _l("Thank you, the access is approved."),
        _l("Whoever asked you sees it in Andock and can go on. You can close this page."),
    ),
    "approval.refused": (
        _l("The access was not approved."),
        _l("Nothing was changed. The link still works if you decide otherwise."),
    ),
    "integration.waits": (
        _l("This integration waits for whoever runs Andock."),
        _l("They have to set it up once for everybody. Ask them, then come back."),
    ),
}
