"""What the identity platform says when it refuses, with its AADSTS numbers.

Source: Microsoft Entra authentication and authorization error codes.
"""

from __future__ import annotations

import uuid

from .. import times
from ..model import Json

TEXTS = {
    16000: "Either multiple user identities are available for the current request or no user is"
    " signed in.",
    50011: "The redirect URI '{uri}' specified in the request does not match the redirect URIs"
    " configured for the application '{app}'.",
    50020: "User account '{user}' does not exist in tenant '{tenant}' and cannot access the"
    " application '{app}' in that tenant.",
    50058: "A silent sign-in request was sent but no user is signed in.",
    50076: "Due to a configuration change made by your administrator, or because you moved to a"
    " new location, you must use multi-factor authentication to access the resource.",
    50126: "Error validating credentials due to invalid username or password.",
    50173: "The provided grant has expired due to it being revoked, a fresh auth token is needed.",
    54005: "OAuth2 Authorization code was already redeemed, please retry with a new valid code.",
    65001: "The user or administrator has not consented to use the application with ID '{app}'."
    " Send an interactive authorization request for this user and resource.",
    65004: "User declined to consent to access the app.",
    70000: "The provided value for the input parameter 'refresh_token' or 'code' is not valid.",
    70003: "The app requested an unsupported grant type '{grant}'.",
    70008: "The provided authorization code or refresh token has expired due to inactivity.",
    70011: "The provided value for the input parameter 'scope' is not valid. The scope '{scope}'"
    " is not valid.",
    90002: "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are"
    " signing into the correct cloud.",
    90014: "The required field '{name}' is missing from the credential. Ensure that you have all"
    " the necessary parameters for the login request.",
    90094: "The grant requires administrator permission. An administrator of the tenant must"
    " approve the application '{app}'.",
    501481: "The Code_Verifier does not match the code_challenge supplied in the authorization"
    " request.",
    700016: "Application with identifier '{app}' was not found in the directory '{tenant}'.",
    700025: "Client is public so neither 'client_assertion' nor 'client_secret' should be"
    " presented.",
    700027: "The certificate with identifier used to sign the client assertion is not registered"
    " on application, or its signature or claims are not valid: {why}",
    700082: "The refresh token has expired due to inactivity.",
    7000215: "Invalid client secret provided. Ensure the secret being sent in the request is the"
    " client secret value, not the client secret ID, for a secret added to app '{app}'.",
    7000218: "The request body must contain the following parameter: 'client_assertion' or"
    " 'client_secret'.",
    7000222: "The provided client secret keys for app '{app}' are expired.",
    900144: "The request body must contain the following parameter: '{name}'.",
    9002313: "Invalid request. Request is malformed or invalid.",
    9002325: "Proof Key for Code Exchange is required for cross-origin authorization code"
    " redemption.",
}
# The OAuth error that a number belongs to; ``invalid_grant`` otherwise.
_ERRORS = {
    50011: "invalid_request",
    50058: "login_required",
    65004: "access_denied",
    70003: "unsupported_grant_type",
    70011: "invalid_scope",
    90002: "invalid_request",
    90014: "invalid_request",
    90094: "access_denied",
    700016: "unauthorized_client",
    700025: "invalid_client",
    700027: "invalid_client",
    7000215: "invalid_client",
    7000218: "invalid_client",
    7000222: "invalid_client",
    900144: "invalid_request",
    9002313: "invalid_request",
    9002325: "invalid_request",
    16000: "interaction_required",
}


class IdentityError(Exception):
    """A refusal: ``number`` (AADSTS), ``error`` (OAuth) and ``text``."""

    def __init__(self, number: int, *, error: str = "", suberror: str = "", **values: str) -> None:
        self.number = number
        self.error = error or _ERRORS.get(number, "invalid_grant")
        self.suberror = suberror
        self.text = f"AADSTS{number}: {TEXTS[number].format(**values)}"
        super().__init__(self.text)

    @property
    def status(self) -> int:
        """The http status of the token endpoint's answer."""
        return 401 if self.error == "invalid_client" else 400

    def body(self) -> Json:
        """The answer as the token endpoint gives it."""
        trace, correlation, now = str(uuid.uuid4()), str(uuid.uuid4()), times.now()
        made = {
            "error": self.error,
            "error_description": f"{self.text} Trace ID: {trace} Correlation ID: {correlation}"
            f" Timestamp: {now.replace('T', ' ')}",
            "error_codes": [self.number],
            "timestamp": now.replace("T", " "),
            "trace_id": trace,
            "correlation_id": correlation,
        }
        return made | ({"suberror": self.suberror} if self.suberror else {})
