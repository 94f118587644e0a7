"""What can be wrong with an account that is being made or changed.

AccountError
├── SlugTaken         a tenant with this slug exists
├── EmailTaken        someone signs in with this e-mail address already
├── PasswordTooShort
├── PasswordTooLong
├── WrongPassword     the present password is another one
├── LastAdmin         a company would be left without an admin
├── NoSuchMember      there is no such account, or it is another company's
├── NoSuchLink        a link was used, has ended, or never was
├── TooManyLinks      a company has more open invitations than anybody needs
├── AlreadyBegun      somebody has an account already: no first start
├── WrongSecret       the secret of the first start is another one
├── BadPicture        a picture is too large, too wide or none; the message is its key
└── Unusable          a value is not what it should be (a zone that does not exist, say)
"""


class AccountError(Exception):
    """The root. The message is for the operator and holds no secret."""


class SlugTaken(AccountError):
    """A tenant with this slug exists."""


class EmailTaken(AccountError):
    """Someone signs in with this e-mail address already, in whatever tenant."""


class PasswordTooShort(AccountError):
    """A new password has fewer characters than the policy asks for."""


class PasswordTooLong(AccountError):
    """A new password is longer than anyone types."""


class WrongPassword(AccountError):
    """Whoever wants to change the password does not know the present one."""


class LastAdmin(AccountError):
    """A company would be left without anybody who can decide."""


class NoSuchMember(AccountError):
    """There is no such account within reach."""


class NoSuchLink(AccountError):
    """A link was used, has ended, or never was."""


class TooManyLinks(AccountError):
    """A company has more open invitations than anybody needs."""


class AlreadyBegun(AccountError):
    """Somebody has an account already: this is no first start."""


class WrongSecret(AccountError):
    """Whoever wants to begin does not know the secret of the first start."""


class BadPicture(AccountError):
    """A picture is too large, too wide or none; `str()` is the message key."""


class Unusable(AccountError):
    """A value is not what it should be."""
