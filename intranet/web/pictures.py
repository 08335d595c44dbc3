"""Square pictures sent by a form: decoded and stored, or the reason said on the next page."""

from __future__ import annotations

from flask import flash, request

from intranet.kernel.errors import Invalid, TooLarge
from intranet.kernel.messages import N_
from intranet.media import uploads
from intranet.web import errors
from intranet.web.media import limits, storage


def sent_square(field: str) -> str | None:
    """The key under which the picture of the form's field is stored; None, and a sentence for the
    next page, when it is no picture."""
    sent = request.files.get(field)
    try:
        if sent is None or not sent.filename:
            raise Invalid(fields={"picture": N_("Choose a picture first.")})
        return uploads.take_avatar(sent.stream, storage=storage(), limits=limits())  # type: ignore[arg-type]  # werkzeug's IO[bytes] is a BinaryIO
    except (Invalid, TooLarge) as error:
        flash(errors.field_sentences(error).get("picture") or errors.sentence(error), "error")
        return None
