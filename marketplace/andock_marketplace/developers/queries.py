"""What the developers' page shows: plugins as they were found, and the last calls of their code."""

from dataclasses import dataclass

from andock_core.developer import reloading
from andock_core.developer.recent import RecentCalls
from andock_core.host import Listed
from andock_core.host.tracing import Call
from andock_sdk.hookspecs import IntegrationSpec, ObserverSpec
from andock_web import current
from andock_web.language import language
from andock_web.lines import one_line

MOST_CALLS = 25
"""Of one integration."""


@dataclass(frozen=True)
class PluginView:
    """A plugin. `followed`: its source is watched. `calls`: the newest first."""

    listed: Listed
    title: str
    followed: bool
    offers: tuple[str, ...]
    lacks: tuple[str, ...]
    listens: tuple[str, ...]
    calls: tuple[Call, ...]


def plugins() -> list[PluginView]:
    """All plugins, broken ones too, with what their code did last."""
    core = current.core()
    newest = RecentCalls(core.settings.redis_url).newest()
    return [_view(listed, newest) for listed in core.catalog.all()]


def _view(listed: Listed, newest: list[Call]) -> PluginView:
    names = (listed.slug, listed.name)  # a broken one is known by its entry point's name
    own = [call for call in newest if call.integration in names]
    title = listed.listing.title.to(language()) if listed.listing else listed.name
    hooks = _names(IntegrationSpec)
    return PluginView(
        listed=listed,
        title=one_line(title),
        followed=reloading.place(listed.source) is not None,
        offers=tuple(name for name in hooks if name in listed.hooks),
        lacks=tuple(name for name in hooks if name not in listed.hooks),
        listens=tuple(name for name in _names(ObserverSpec) if name in listed.hooks),
        calls=tuple(own[:MOST_CALLS]),
    )


def _names(spec: type) -> list[str]:
    """The hooks of a specification, in the order in which they are written."""
    return [name for name in vars(spec) if not name.startswith("_")]
