"""Profile pictures: told by their bytes, delivered so that they can do no harm."""

import io
import re
from struct import pack

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from andock_core.accounts import BadPicture
from andock_core.accounts.pictures import JPEG, PNG, media_type
from tests.profile.conftest import PIXEL
from tests.web.conftest import People, sign_in
from tests.web.pages import token_in

JFIF = JPEG + b"\xe0" + pack(">H", 4) + b"xx"
FRAME = b"\xff\xc0" + pack(">HBHHB", 17, 8, 40, 60, 3) + b"\0" * 9


def upload(client: FlaskClient, data: bytes, name: str = "me.png") -> TestResponse:
    token = token_in(client.get("/profile/").text)
    form = {"picture": (io.BytesIO(data), name), "csrf_token": token}
    return client.post("/profile/picture", data=form, content_type="multipart/form-data")


def address(client: FlaskClient) -> str:
    found = re.search(r'src="(/profile/picture/[^"]+)"', client.get("/profile/").text)
    assert found
    return found[1]


def test_a_picture_is_shown_instead_of_the_initials(anna: FlaskClient) -> None:
    assert upload(anna, PIXEL).status_code == 303
    answer = anna.get(address(anna))
    assert (answer.data, answer.mimetype) == (PIXEL, "image/png")


def test_a_picture_is_delivered_strictly(anna: FlaskClient) -> None:
    """Even opened by itself it is a picture and nothing else."""
    upload(anna, PIXEL)
    headers = anna.get(address(anna)).headers
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, max-age=604800"
    assert anna.get(address(anna).partition("?")[0]).headers["Cache-Control"] == "no-store"


def test_colleagues_see_it_and_others_do_not(
    anna: FlaskClient, ben: FlaskClient, people: People
) -> None:
    """It is the company's, not the world's."""
    upload(anna, PIXEL)
    where = address(anna)
    assert ben.get(where).data == PIXEL
    assert f"/profile/picture/{people.anna}" in ben.get("/calendar/").text
    stranger = anna.application.test_client()
    assert stranger.get(where).status_code == 302
    assert sign_in(stranger, "zoe@otherworks.test").status_code == 303
    assert stranger.get(where).status_code == 404


def test_a_picture_can_be_deleted(anna: FlaskClient) -> None:
    upload(anna, PIXEL)
    where = address(anna)
    token = token_in(anna.get("/profile/").text)
    anna.post("/profile/picture/remove", data={"csrf_token": token})
    assert anna.get(where).status_code == 404
    assert "/profile/picture/" not in re.sub(r'action="[^"]*"', "", anna.get("/profile/").text)


def test_what_is_no_picture_is_refused_in_words(anna: FlaskClient) -> None:
    answer = upload(anna, b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>")
    assert answer.status_code == 422
    assert "kein Bild, das Andock kennt" in answer.text
    assert "Wählen Sie zuerst ein Bild aus." in upload(anna, b"").text


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"GIF89a", "picture.unknown"),
        (b"<svg>", "picture.unknown"),
        (PNG, "picture.unknown"),
        (PNG + b"\0" * 40, "picture.unknown"),
        (PIXEL[:16] + pack(">II", 100_000, 8) + PIXEL[24:], "picture.wide"),
        (PIXEL[:16] + pack(">II", 0, 8) + PIXEL[24:], "picture.unknown"),
        (JPEG + b"\xe0\x00\x00" * 9, "picture.unknown"),
        (JFIF, "picture.unknown"),
        (PIXEL + b"\0" * 1024 * 1024, "picture.large"),
    ],
)
def test_strange_bytes_are_no_picture(data: bytes, key: str) -> None:
    with pytest.raises(BadPicture, match=key):
        media_type(data)


def test_a_jpegs_size_is_found_behind_its_other_segments() -> None:
    assert media_type(JFIF + FRAME) == "image/jpeg"
