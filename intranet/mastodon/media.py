"""Pictures and files that wait for their post: sent, described, thrown away.

https://docs.joinmastodon.org/methods/media/ . What was sent is ready when it is answered: no
upload is worked on afterwards, so 202 and 206 do not happen.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, BinaryIO, cast

from flask import Response
from pydantic import BeforeValidator
from werkzeug.datastructures import FileStorage

from intranet.kernel.errors import DomainError, Invalid
from intranet.kernel.messages import N_
from intranet.mastodon.answers import answer, settings_here
from intranet.mastodon.blueprint import bp
from intranet.mastodon.entities.media import attachment
from intranet.mastodon.identity import viewer
from intranet.mastodon.parameters import Parameters, read
from intranet.mastodon.requirements import scope
from intranet.media import actions, queries, uploads
from intranet.media.storage import Storage
from intranet.media.uploads import UploadLimits
from intranet.media.views import view_of
from intranet.unit_of_work import unit_of_work


def _pair(value: Any) -> Any:
    """`0.5,-0.25`, as it is sent in forms; in JSON also as an array."""
    if value in (None, ""):
        return None
    return value.split(",") if isinstance(value, str) else value


class Sent(Parameters):
    """A file, or what is said of one."""

    file: Any = None
    thumbnail: Any = None
    description: str | None = None
    focus: Annotated[tuple[float, float] | None, BeforeValidator(_pair)] = None


def storage() -> Storage:
    """Where this application keeps its files."""
    return Storage(settings_here().data / "media")


def limits() -> UploadLimits:
    """What this application takes."""
    settings = settings_here()
    return UploadLimits(
        settings.upload_max_bytes, settings.image_max_pixels, settings.upload_macros
    )


@contextmanager
def dropping(*keys: str | None) -> Iterator[None]:
    """Files that were stored go again when what they are for is refused inside."""
    try:
        yield
    except DomainError:
        for key in filter(None, keys):
            storage().delete(key)
        raise


def stream_of(sent: object, field: str) -> BinaryIO | None:
    """The bytes of a file that came under this name; None when nothing did. Invalid for anything
    that is no file."""
    if sent in (None, ""):
        return None
    if not isinstance(sent, FileStorage):
        raise Invalid(fields={field: N_("Send this as a file.")})
    return cast(BinaryIO, sent.stream)


@bp.post("/api/v2/media")
@scope("write:media")
def upload() -> Response:
    """One file with its description, focus and thumbnail; it is ready at once."""
    return _upload()


@bp.post("/api/v1/media")
@scope("write:media")
def upload_v1() -> Response:
    """The same at the address that older clients know."""
    return _upload()


def _upload() -> Response:
    sent = read(Sent)
    stream = stream_of(sent.file, "file")
    if stream is None:
        raise Invalid(fields={"file": N_("Choose a file first.")})
    stored = uploads.take(
        stream,
        sent.file.filename or "",
        storage=storage(),
        limits=limits(),
        preview=stream_of(sent.thumbnail, "thumbnail"),
    )
    with dropping(stored.key), unit_of_work():
        media = actions.add(
            viewer(), stored, alt_text=sent.description or "", focus=sent.focus or (0.0, 0.0)
        )
        return answer(attachment(view_of(media)))


@bp.get("/api/v1/media/<int:media_id>")
@scope("write:media")
def show_media(media_id: int) -> Response:
    """An own upload that waits for its post."""
    return answer(attachment(view_of(queries.get_unattached(viewer(), media_id))))


@bp.put("/api/v1/media/<int:media_id>")
@scope("write:media")
def describe_media(media_id: int) -> Response:
    """Another description, focus or thumbnail for an own upload that waits for its post."""
    sent = read(Sent)
    found = queries.get_unattached(viewer(), media_id)
    stream = stream_of(sent.thumbnail, "thumbnail")
    preview = None
    if stream is not None:
        preview = uploads.take_preview(found.key, stream, storage=storage(), limits=limits())
    with unit_of_work():
        actions.change(
            viewer(), media_id, alt_text=sent.description, focus=sent.focus, preview=preview
        )
    return show_media(media_id)


@bp.delete("/api/v1/media/<int:media_id>")
@scope("write:media")
def discard_media(media_id: int) -> Response:
    """Throw away an own upload that no post has."""
    with unit_of_work():
        actions.discard(viewer(), media_id)
    return answer({})
