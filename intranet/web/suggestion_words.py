"""Why somebody is proposed, in the reader's language."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext

from intranet.relationships.suggestions import Reason, Suggestion


def why(one: Suggestion) -> str:
    """The strongest reason as a few words."""
    reason, count = one.reasons[0]
    if reason is Reason.FRIENDS:
        return str(
            ngettext(
                "Followed by %(num)s person you follow",
                "Followed by %(num)s people you follow",
                count,
            )
        )
    if reason is Reason.GROUPS:
        return str(ngettext("In %(num)s of your groups", "In %(num)s of your groups", count))
    words = {
        Reason.TEAM: _("In your team"),
        Reason.DEPARTMENT: _("In your department"),
        Reason.SITE: _("At your site"),
    }
    return str(words[reason])


def register(app: Flask) -> None:
    """Give templates `why(suggestion)`."""
    app.jinja_env.globals.update(why=why)
