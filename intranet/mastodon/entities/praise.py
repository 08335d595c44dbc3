"""What programs show of praise: a line above the text, since no key of theirs holds it."""

from __future__ import annotations

from flask_babel import gettext as _
from markupsafe import Markup, escape

from intranet.mastodon.entities.accounts import profile_url
from intranet.posts.cards import PostCard


def praise_line(card: PostCard) -> str:
    """Who is praised, as a paragraph; "" for other posts."""
    if card.praise is None:
        return ""
    people = Markup(", ").join(
        Markup('<a href="{}">{}</a>').format(profile_url(one.handle), one.display_name)
        for one in card.praise.people
    )
    return str(Markup("<p>{}</p>").format(escape(_("Praise for %(names)s")) % {"names": people}))
