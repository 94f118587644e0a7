"""The server's half of NTLM."""

import pytest

from andock_sandbox import ntlm


@pytest.mark.parametrize(
    ("text", "digest"),
    [
        (b"", "31d6cfe0d16ae931b73c59d7e0c089c0"),
        (b"abc", "a448017aaf21d8525fc10ae87aa6729d"),
        (b"message digest", "d9130a8164549fe818874806e1c7014b"),
        (b"1234567890" * 8, "e33b4ddc9c38f2199c3e7b164fcc0536"),
    ],
)
def test_md4_gives_the_digests_of_its_rfc(text: bytes, digest: str) -> None:
    """RFC 1320, A.5."""
    assert ntlm.md4(text).hex() == digest


@pytest.mark.parametrize("message", [b"", b"NTLMSSP\0", b"x" * 40])
def test_what_is_no_ntlm_message_has_no_kind(message: bytes) -> None:
    """Damaged tokens are refused, not stumbled over."""
    assert ntlm.kind_of(message) == 0


def test_a_damaged_answer_is_a_value_error() -> None:
    """Cut off after its head."""
    with pytest.raises(ValueError, match="damaged"):
        ntlm.user_of(b"NTLMSSP\0\3\0\0\0")
