"""What kinds of posts are called, and what praise is for, in the reader's language."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext as _

from intranet.posts.models import PraiseReason


def reason_words(reason: PraiseReason) -> str:
    """What somebody is praised for."""
    words = {
        PraiseReason.TEAMWORK: _("Teamwork"),
        PraiseReason.HELP: _("A helping hand"),
        PraiseReason.IDEA: _("A good idea"),
        PraiseReason.CUSTOMER: _("Care for customers"),
        PraiseReason.LEARNING: _("Learning and teaching"),
        PraiseReason.COURAGE: _("Courage"),
        PraiseReason.QUALITY: _("Careful work"),
        PraiseReason.WELCOME: _("A warm welcome"),
    }
    return str(words[reason])


def reasons() -> tuple[tuple[str, str], ...]:
    """All of them, for a form: the value and the words."""
    return tuple((one.value, reason_words(one)) for one in PraiseReason)


def register(app: Flask) -> None:
    """Let templates say what praise is for."""
    app.jinja_env.globals.update(praise_words=reason_words, praise_reasons=reasons)
