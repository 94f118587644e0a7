"""What a plugin may learn of a server before it says anything to it."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Address(_Data):
    """A numeric address that a name leads to. `allowed`: the policy lets it be called."""

    address: str = Field(max_length=64)
    allowed: bool


class Certificate(_Data):
    """A certificate as a server shows it, trusted or not. `fingerprint` is the SHA-256 of the
    certificate, 64 lower-case hexadecimal digits; `names` are the hosts that it is issued for;
    `chain` counts the certificates that the server sent."""

    pem: str = Field(max_length=32_000, repr=False)
    fingerprint: str = Field(pattern=r"^[0-9a-f]{64}$")
    subject: str = Field(max_length=300)
    issuer: str = Field(max_length=300)
    names: tuple[str, ...] = ()
    begins: datetime
    ends: datetime
    chain: int = 1

    @property
    def self_signed(self) -> bool:
        """Whether it names itself as its issuer."""
        return self.subject == self.issuer
