"""What the identity platform tells about itself."""

from __future__ import annotations

import uuid
from urllib.parse import urlsplit

from ..model import Json
from .directory import Directory, Tenant
from .errors import IdentityError
from .scopes import OPENID
from .tokens import issuer

# Everybody of any company; ``consumers`` (personal accounts) has nobody here.
SHARED = ("common", "organizations")


def find_tenant(domains: set[str], text: str) -> Tenant | None:
    """The tenant that an address names by its id or domain; None where it names no single one.
    IdentityError for one that does not exist."""
    wanted = text.casefold()
    if wanted in SHARED:
        return None
    for domain in domains:
        if wanted in (domain, Tenant(domain).id):
            return Tenant(domain)
    raise IdentityError(90002, tenant=text)


def configuration(base: str, tenant: Tenant | None, text: str) -> Json:
    """The openid-configuration of a tenant, or of all of them."""
    place = f"{base}/{tenant.id if tenant else text}"
    return {
        "token_endpoint": f"{place}/oauth2/v2.0/token",
        "token_endpoint_auth_methods_supported": [
            "client_secret_post",
            "private_key_jwt",
            "client_secret_basic",
        ],
        "jwks_uri": f"{place}/discovery/v2.0/keys",
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": list(OPENID),
        "issuer": issuer(base, tenant.id if tenant else "{tenantid}"),
        "request_uri_parameter_supported": False,
        "authorization_endpoint": f"{place}/oauth2/v2.0/authorize",
        "http_logout_supported": True,
        "frontchannel_logout_supported": True,
        "end_session_endpoint": f"{place}/oauth2/v2.0/logout",
        "claims_supported": [
            "sub",
            "iss",
            "aud",
            "exp",
            "iat",
            "nonce",
            "preferred_username",
            "name",
            "tid",
            "oid",
            "ver",
            "email",
        ],
        "tenant_region_scope": "EU",
        "cloud_instance_name": urlsplit(base).hostname,
        "cloud_graph_host_name": urlsplit(base).netloc,
        "msgraph_host": urlsplit(base).netloc,
    }


def keys(directory: Directory, base: str) -> Json:
    """The public keys that tokens are signed with."""
    return {"keys": [directory.key.jwk() | {"issuer": issuer(base, "{tenantid}")}]}


def instance(base: str, asked: str) -> Json:
    """The answer of instance discovery: this server vouches for itself alone."""
    host = urlsplit(base).netloc
    if urlsplit(asked).netloc != host:
        return {
            "error": "invalid_instance",
            "error_description": f"AADSTS50049: Unknown or invalid instance. {asked}",
            "error_codes": [50049],
            "trace_id": str(uuid.uuid4()),
        }
    tenant = urlsplit(asked).path.split("/")[1] or "common"
    return {
        "tenant_discovery_endpoint": f"{base}/{tenant}/v2.0/.well-known/openid-configuration",
        "api-version": "1.1",
        "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
    }
