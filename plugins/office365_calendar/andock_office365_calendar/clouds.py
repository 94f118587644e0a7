"""Microsoft's clouds: where one signs in and where Graph answers."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from andock_sdk import Answers


@dataclass(frozen=True)
class Cloud:
    """`authority` and `graph` are https addresses without a path."""

    authority: str
    graph: str

    @property
    def api(self) -> str:
        """What Graph's paths begin with."""
        return f"{self.graph}/v1.0"


CLOUDS = {
    "worldwide": Cloud("https://login.microsoftonline.com", "https://graph.microsoft.com"),
    "us": Cloud("https://login.microsoftonline.us", "https://graph.microsoft.us"),
    "us_dod": Cloud("https://login.microsoftonline.us", "https://dod-graph.microsoft.us"),
    "china": Cloud("https://login.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn"),
}
"""As Microsoft's page on national clouds names them; china is run by 21Vianet."""
OTHER = "other"


def of(operator: Answers) -> Cloud:
    """The cloud that the operator chose; by addresses of their own for a stand-in."""
    chosen = str(operator.get("cloud") or "worldwide")
    if chosen == OTHER:
        authority, graph = (str(operator.get(name) or "") for name in ("authority", "graph"))
        return Cloud(_bare(authority), _bare(graph))
    return CLOUDS.get(chosen, CLOUDS["worldwide"])


def _bare(address: str) -> str:
    parts = urlsplit(address.strip())
    return f"{parts.scheme}://{parts.netloc}"


def sign_in_hosts() -> tuple[str, ...]:
    """Where members may be sent to sign in."""
    return tuple(
        dict.fromkeys(urlsplit(cloud.authority).hostname or "" for cloud in CLOUDS.values())
    )
