"""What people write: cleaned on the way in, read once, drawn as safe HTML.

Everything about a text (its HTML, whom it mentions, its hashtags, its excerpt) comes
from one token stream, so the page, the notifications and the search cannot disagree.
"""

from intranet.kernel.text.characters import UnsuitableName, clean_name, normalise, visible_length
from intranet.kernel.text.diff import Segment, word_diff
from intranet.kernel.text.excerpt import plain_text, plain_text_from_html
from intranet.kernel.text.fold import fold
from intranet.kernel.text.markdown import escaped, hashtags, mentioned_handles, render
from intranet.kernel.text.references import (
    Hashtag,
    canonical_hashtag,
    hashtag_path,
    is_handle,
    mention_paths,
)
from intranet.kernel.text.sanitiser import absolute_links, sanitise, without_references
from intranet.kernel.text.xml import writable_in_xml

__all__ = [
    "Hashtag",
    "Segment",
    "UnsuitableName",
    "absolute_links",
    "canonical_hashtag",
    "clean_name",
    "escaped",
    "fold",
    "hashtag_path",
    "hashtags",
    "is_handle",
    "mention_paths",
    "mentioned_handles",
    "normalise",
    "plain_text",
    "plain_text_from_html",
    "render",
    "sanitise",
    "visible_length",
    "without_references",
    "word_diff",
    "writable_in_xml",
]
