import io
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from intranet.db import db
from intranet.groups.models import GroupPrivacy
from intranet.kernel.errors import Invalid, NotFound, TooLarge
from intranet.media import actions, tasks, uploads
from intranet.media.models import MediaAttachment, MediaKind
from intranet.media.storage import Storage
from intranet.media.uploads import UploadLimits, clean_file_name
from intranet.tasks.models import Task
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser, body
from tests.factories import Factory
from tests.media.pictures import encoded, picture, with_position

LIMITS = UploadLimits(max_bytes=5_000_000, max_pixels=2_000_000)


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(tmp_path / "media")


def test_a_picture_is_turned_upright_and_loses_all_that_it_told(storage: Storage) -> None:
    taken = uploads.take(with_position(), "IMG.JPG", storage=storage, limits=LIMITS)
    assert taken.kind is MediaKind.IMAGE
    assert taken.picture is not None
    assert (taken.picture.width, taken.picture.height) == (300, 600)
    assert len(taken.picture.blurhash) == 4 + 2 * 4 * 3
    for variant in ("original", "large", "small"):
        path = storage.path(taken.key, variant)
        raw = path.read_bytes()
        assert b"SecretCamera" not in raw
        assert b"taken at home" not in raw
        with Image.open(path) as image:
            assert not image.getexif()
            assert image.height > image.width


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP", "BMP", "AVIF"])
def test_every_listed_format_is_taken(storage: Storage, kind: str) -> None:
    taken = uploads.take(picture(kind, (120, 80)), f"x.{kind}", storage=storage, limits=LIMITS)
    assert taken.kind is MediaKind.IMAGE
    with Image.open(storage.path(taken.key, "small")) as image:
        assert (image.format, image.size) == ("WEBP", (120, 80))


def test_an_animation_stays_one(storage: Storage) -> None:
    frames = [Image.new("RGB", (40, 40), (n * 20, 0, 0)) for n in range(5)]
    sent = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=80)
    taken = uploads.take(sent, "x.gif", storage=storage, limits=LIMITS)
    with Image.open(storage.path(taken.key, "original")) as image:
        assert getattr(image, "n_frames", 1) == 5


def test_too_many_pixels_are_refused_before_they_are_decoded(storage: Storage) -> None:
    with pytest.raises(TooLarge):
        uploads.take(picture("PNG", (4000, 4000)), "x.png", storage=storage, limits=LIMITS)
    assert list(storage.keys()) == []


@pytest.mark.parametrize("cut", [60, 200, 900])
def test_a_damaged_picture_is_refused_and_leaves_nothing(storage: Storage, cut: int) -> None:
    broken = io.BytesIO(picture("PNG").getvalue()[:cut])
    with pytest.raises(Invalid):
        uploads.take(broken, "x.png", storage=storage, limits=LIMITS)
    assert list(storage.keys()) == []


def test_what_is_no_picture_is_kept_as_it_came(storage: Storage) -> None:
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    taken = uploads.take(io.BytesIO(svg), "drawing.png", storage=storage, limits=LIMITS)
    assert taken.kind is MediaKind.FILE
    assert taken.content_type == "application/octet-stream"
    assert storage.path(taken.key, "original").read_bytes() == svg


def test_too_many_bytes_and_none_at_all_are_refused(storage: Storage) -> None:
    with pytest.raises(TooLarge):
        uploads.take(io.BytesIO(b"x" * 6_000_000), "x.bin", storage=storage, limits=LIMITS)
    with pytest.raises(Invalid):
        uploads.take(io.BytesIO(), "x.bin", storage=storage, limits=LIMITS)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\a\\report.pdf", "report.pdf"),
        ("a\x00b\u202egpj.exe", "abgpj.exe"),
        ("", "file"),
        ("..", "file"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_file_names_carry_no_path_and_no_trick(sent: str, kept: str) -> None:
    assert clean_file_name(sent) == kept


@pytest.mark.parametrize("key", ["../../x", "a" * 31, "A" * 32, "a" * 32])
def test_storage_answers_only_to_its_own_keys(storage: Storage, key: str) -> None:
    with pytest.raises(NotFound):
        storage.path(key, "original")


def _send(client, name="x.jpg", content=None):
    data = {"file": (content or picture(), name), "alt_text": "A gradient"}
    return client.post("/media", data=data)


def test_an_upload_is_its_owners_until_it_is_published(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, bob = make.accounts("ann", "bob")
    sent = _send(browse(ann))
    assert sent.status_code == 201
    address = sent.json["preview_url"]
    assert browse(ann).get(address).status_code == 200
    assert browse(bob).get(address).status_code == 404


def test_media_of_a_secret_group_follow_its_posts(
    app: Flask, make: Factory, browse: Browser
) -> None:
    ann, bob, eve = make.accounts("ann", "bob", "eve")
    group = make.group("board", GroupPrivacy.SECRET, owner=ann, members=[bob])
    post = make.post(ann, group=group)
    address = _send(browse(ann)).json["preview_url"]
    with app.app_context(), unit_of_work():
        media = db.session.scalars(select(MediaAttachment)).one()
        actions.attach(ann, [media.id], post.id)
    assert browse(eve).get("/groups").status_code != 401  # signed in, only not a member
    assert browse(bob).get(address).status_code == 200
    for variant in ("small", "large", "original"):
        outsider = browse(eve).get(address.replace("small", variant))
        missing = browse(eve).get(f"/media/{'0' * 32}/{variant}")
        assert (outsider.status_code, body(outsider)) == (404, body(missing))


def test_files_come_as_downloads_that_no_browser_runs(make: Factory, browse: Browser) -> None:
    client = browse(make.account("ann"))
    page = io.BytesIO(b"<html><script>alert(1)</script></html>")
    key = _send(client, "page.html", page).json["key"]
    answer = client.get(f"/media/{key}/original")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.mimetype == "application/octet-stream"


def test_nobody_attaches_what_another_uploaded(app: Flask, make: Factory, browse: Browser) -> None:
    ann, eve = make.accounts("ann", "eve")
    media_id = int(_send(browse(ann)).json["id"])
    post = make.post(eve)
    with app.app_context(), pytest.raises(Invalid), unit_of_work():
        actions.attach(eve, [media_id], post.id)


def test_purging_removes_rows_at_once_and_files_by_a_task(
    app: Flask, make: Factory, browse: Browser, settings
) -> None:
    ann = make.account("ann")
    key = _send(browse(ann)).json["key"]
    post = make.post(ann)
    storage = Storage(settings.data / "media")
    with app.app_context():
        with unit_of_work():
            media = db.session.scalars(select(MediaAttachment)).one()
            actions.attach(ann, [media.id], post.id)
        with unit_of_work():
            actions.detach_and_purge(post.id)
        assert db.session.scalars(select(MediaAttachment)).all() == []
        task = db.session.scalars(select(Task)).one()
    assert (task.kind, task.payload) == (actions.PURGE, {"keys": [key]})
    tasks.purge(storage, task.payload["keys"])
    tasks.purge(storage, task.payload["keys"])
    assert list(storage.keys()) == []
