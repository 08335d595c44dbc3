"""Administration of e-mail: where it goes, what is stuck, and whether it arrives."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from intranet import background
from intranet.kernel.errors import NotFound
from intranet.letters import registry
from intranet.mail import actions, folder, queries
from intranet.mail.transports import Folder
from intranet.unit_of_work import unit_of_work
from intranet.web.admin import bp
from intranet.web.auth import settings_here
from intranet.web.identity import viewer


@bp.get("/mail")
def mail() -> ResponseReturnValue:
    """Where mail goes, the outbox in figures, what failed, and the folder if there is one."""
    transport = background.transport(settings_here())
    kept = folder.list_kept(viewer(), transport.path) if isinstance(transport, Folder) else None
    return render_template(
        "admin/mail.html",
        transport=transport.name,
        is_demo=settings_here().is_demo,
        sender=settings_here().mail_from,
        listens=settings_here().mail_listen,
        kept=kept,
        figures=queries.figures(viewer()),
        failed=queries.list_failed(viewer()),
        delayed=queries.list_delayed(viewer()),
        names=registry.NAMES,
    )


@bp.get("/mail/folder/<int:message_id>")
def kept_mail(message_id: int) -> ResponseReturnValue:
    """One message of the folder, as plain text; not found once mail goes to a server."""
    transport = background.transport(settings_here())
    if not isinstance(transport, Folder):
        raise NotFound
    message = folder.read(viewer(), transport.path, message_id)
    page = render_template("admin/mail_message.html", message=message)
    return page, 200, {"Cache-Control": "no-store"}


@bp.post("/mail/<int:message_id>/retry")
def retry_mail(message_id: int) -> ResponseReturnValue:
    """Try a message that failed again."""
    with unit_of_work():
        found = actions.retry(viewer(), message_id)
    flash(_("It is being tried again.") if found else _("That message has not failed."))
    return redirect(url_for("admin.mail"), 303)


@bp.post("/mail/trial")
def try_mail() -> ResponseReturnValue:
    """A test letter to the viewer."""
    with unit_of_work():
        actions.send_trial(viewer())
    flash(_("The test letter is on its way to %(address)s.", address=viewer().email))
    return redirect(url_for("admin.mail"), 303)
