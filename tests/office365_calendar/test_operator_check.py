"""The operator's check of Andock's registration, against the stand-in's identity platform."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from andock_office365_calendar import integration
from andock_office365_calendar.config import MESSAGES
from andock_sandbox.identity import App
from andock_sdk import Step
from tests.office365_calendar.surroundings import Surroundings

TENANT = "musterfirma.test"


def checked(context: Surroundings, **changed: str) -> tuple[str, dict[str, str]]:
    """The error, and how each step ended."""
    context.operator = {**context.operator, **changed}
    steps: list[Step] = []
    told = integration().check_operator(context, steps.append)
    return told.error, {step.key: step.state for step in steps}


@pytest.mark.parametrize("tenant", ["", TENANT])
def test_a_good_registration_passes(context: Surroundings, tenant: str) -> None:
    error, steps = checked(context, tenant=tenant)
    assert (error, set(steps.values())) == ("", {"done"})


@pytest.mark.parametrize("tenant", ["", TENANT])
@pytest.mark.parametrize(
    ("changed", "error", "step"),
    [
        ({"client_id": "andock"}, "operator.id_form", "values"),
        ({"client_id": "0" * 8 + "-0000-0000-0000-" + "0" * 12}, "operator.unknown", None),
        ({"client_secret": ""}, "operator.secret_missing", "values"),
        (
            {"client_secret": "11111111-2222-3333-4444-555555555555"},
            "operator.secret_id",
            "values",
        ),
        ({"client_secret": "made-up"}, "operator.secret_wrong", "registration"),
        ({"certificate": "no PEM"}, "operator.certificate", "values"),
        ({"tenant": "nirgends.test"}, "operator.tenant", "registration"),
    ],
)
def test_each_mistake_has_its_own_words(
    context: Surroundings, tenant: str, changed: dict[str, str], error: str, step: str | None
) -> None:
    found, steps = checked(context, **{"tenant": tenant, **changed})
    assert found == error
    assert error in MESSAGES
    assert step is None or steps[step] == "failed"


def test_an_ended_secret_is_said(context: Surroundings, app: App) -> None:
    app.secrets = dict.fromkeys(app.secrets, time.time() - 60)
    assert checked(context)[0] == "operator.secret_ended"


def test_an_address_that_is_not_registered_is_said(context: Surroundings) -> None:
    context.callback_url = "https://andock.example/elsewhere"
    error, steps = checked(context)
    assert (error, steps["redirect"]) == ("operator.redirect", "failed")


@pytest.mark.parametrize(("known", "error"), [(True, ""), (False, "operator.certificate_unknown")])
def test_a_certificate_is_tried(context: Surroundings, app: App, known: bool, error: str) -> None:
    key, certificate = _certificate()
    app.certificates = [certificate] if known else [_certificate()[1]]
    assert checked(context, certificate=key + certificate, client_secret="")[0] == error


def _certificate() -> tuple[str, str]:
    """A key and a certificate of its own, as PEM."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "andock")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=90))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return private.decode(), made.public_bytes(serialization.Encoding.PEM).decode()
