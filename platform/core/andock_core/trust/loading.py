"""What a company trusts, as egress needs it."""

from sqlalchemy import select

from andock_core.egress import Trust
from andock_core.storage import Scope, Storage, TrustedCertificate


def load(storage: Storage, tenant_id: str) -> Trust:
    """The company's approved certificates and authorities."""
    approved: dict[tuple[str, int], tuple[str, ...]] = {}
    authorities: list[tuple[str, str]] = []
    with storage.read(Scope(tenant_id)) as session:
        rows = select(TrustedCertificate).where(TrustedCertificate.state == "approved")
        for row in session.scalars(rows.order_by(TrustedCertificate.id)):
            if row.kind == "authority":
                authorities.append((row.host, row.pem))
            else:
                server = (row.host, row.port)
                approved[server] = (*approved.get(server, ()), row.pem)
    return Trust(tuple(authorities), approved)
