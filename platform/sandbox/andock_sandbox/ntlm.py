"""The server's half of NTLM over http ([MS-NLMP], NTLMv2 only), as far as signing in needs it.

No session keys, no signing: the connection is protected by TLS. MD4 is written out here because
today's OpenSSL no longer offers it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import struct
from collections.abc import Callable
from datetime import UTC, datetime

_SIGNATURE = b"NTLMSSP\0"
_NEGOTIATE, _CHALLENGE, _AUTHENTICATE = 1, 2, 3
# Unicode, target name, NTLM, always sign, target is a domain, extended session security,
# target info, version, 128 and 56 bits.
_FLAGS = 0x00000001 | 0x4 | 0x200 | 0x8000 | 0x10000 | 0x80000 | 0x800000 | 0x2000000
_FLAGS |= 0x20000000 | 0x80000000
_KEY_EXCHANGE = 0x40000000
_CHANNEL_BINDINGS = 10


def md4(data: bytes) -> bytes:
    """The MD4 digest (RFC 1320)."""
    words = [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476]
    padded = data + b"\x80" + bytes((55 - len(data)) % 64) + struct.pack("<Q", 8 * len(data))
    rounds: tuple[tuple[Callable[[int, int, int], int], int, tuple[int, ...], tuple[int, ...]], ...]
    rounds = (
        (lambda x, y, z: x & y | ~x & z, 0, tuple(range(16)), (3, 7, 11, 19)),
        (
            lambda x, y, z: x & y | x & z | y & z,
            0x5A827999,
            (0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15),
            (3, 5, 9, 13),
        ),
        (
            lambda x, y, z: x ^ y ^ z,
            0x6ED9EBA1,
            (0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15),
            (3, 9, 11, 15),
        ),
    )
    for offset in range(0, len(padded), 64):
        block = struct.unpack_from("<16I", padded, offset)
        a, b, c, d = words
        for mix, constant, order, shifts in rounds:
            for step, place in enumerate(order):
                total = (a + mix(b, c, d) + block[place] + constant) & 0xFFFFFFFF
                shift = shifts[step % 4]
                turned = (total << shift | total >> (32 - shift)) & 0xFFFFFFFF
                a, b, c, d = d, turned, b, c
        words = [(x + y) & 0xFFFFFFFF for x, y in zip(words, (a, b, c, d), strict=True)]
    return struct.pack("<4I", *words)


def _field(message: bytes, place: int) -> bytes:
    length, _, offset = struct.unpack_from("<HHI", message, place)
    return message[offset : offset + length]


def _pair(kind: int, value: bytes) -> bytes:
    return struct.pack("<HH", kind, len(value)) + value


def kind_of(message: bytes) -> int:
    """1 negotiate, 2 challenge, 3 authenticate; 0 for anything else."""
    if not message.startswith(_SIGNATURE) or len(message) < 12:
        return 0
    return int(struct.unpack_from("<I", message, 8)[0])


def challenge(negotiate: bytes, domain: str, computer: str) -> tuple[bytes, bytes]:
    """(the challenge message, the 8 bytes to remember) that answer a negotiate message."""
    asked = struct.unpack_from("<I", negotiate, 12)[0] if len(negotiate) >= 16 else 0
    nonce = secrets.token_bytes(8)
    ticks = int((datetime.now(UTC) - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds() * 10**7)
    info = b"".join(
        (
            _pair(2, domain.encode("utf-16-le")),
            _pair(1, computer.encode("utf-16-le")),
            _pair(4, domain.lower().encode("utf-16-le")),
            _pair(3, computer.lower().encode("utf-16-le")),
            _pair(7, struct.pack("<Q", ticks)),
            _pair(0, b""),
        )
    )
    target = domain.encode("utf-16-le")
    flags = _FLAGS | (asked & _KEY_EXCHANGE)
    head = 56
    made = _SIGNATURE + struct.pack(
        "<IHHII8s8xHHI8s",
        _CHALLENGE,
        len(target),
        len(target),
        head,
        flags,
        nonce,
        len(info),
        len(info),
        head + len(target),
        b"\x0a\x00\x63\x45\x00\x00\x00\x0f",
    )
    return made + target + info, nonce


def user_of(authenticate: bytes) -> tuple[str, str]:
    """(domain, user) that an authenticate message names. ValueError when it is damaged."""
    try:
        domain = _field(authenticate, 28).decode("utf-16-le")
        return domain, _field(authenticate, 36).decode("utf-16-le")
    except (struct.error, UnicodeDecodeError) as error:
        raise ValueError("damaged NTLM message") from error


def verify(authenticate: bytes, nonce: bytes, password: str) -> bool:
    """Whether an authenticate message proves the password ([MS-NLMP] 3.3.2)."""
    domain, user = user_of(authenticate)
    response = _field(authenticate, 20)
    if len(response) < 44:  # an NTLMv1 or anonymous response: refused
        return False
    secret = md4(password.encode("utf-16-le"))
    owner = (user.upper() + domain).encode("utf-16-le")
    key = hmac.new(secret, owner, hashlib.md5).digest()
    proof = hmac.new(key, nonce + response[16:], hashlib.md5).digest()
    return hmac.compare_digest(proof, response[:16])


def channel_binding(authenticate: bytes) -> bytes | None:
    """The channel binding (MsvAvChannelBindings) that an authenticate message carries and its
    proof covers; None when it carries none."""
    pairs = _field(authenticate, 20)[44:]
    while len(pairs) >= 4:
        kind, length = struct.unpack_from("<HH", pairs)
        if kind == _CHANNEL_BINDINGS:
            found = pairs[4 : 4 + length]
            return found if any(found) else None
        if kind == 0:
            break
        pairs = pairs[4 + length :]
    return None


def binding_of(certificate: bytes) -> bytes:
    """The channel binding of a TLS server's certificate in DER (RFC 5929, tls-server-end-point):
    the MD5 of a gss_channel_bindings_struct, as Windows computes it."""
    data = b"tls-server-end-point:" + hashlib.sha256(certificate).digest()
    # Initiator and acceptor addresses are empty: type and length of both are zero.
    bindings = bytes(16) + struct.pack("<I", len(data)) + data
    return hashlib.md5(bindings).digest()  # noqa: S324  what the protocol says
