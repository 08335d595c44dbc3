"""Which single sign may be given as a reaction, in the one spelling that is stored."""

import re

from intranet.kernel.errors import Invalid
from intranet.kernel.messages import N_

STAR = "⭐"  # the favourite
COMMON = ("👍", "❤️", "👏", "🎉", "😄", "🙏", "👀", STAR)

_MAX_BYTES = 32
_COLOUR = "\ufe0f"  # asks for the coloured drawing of a sign that has a plain one
_SKIN = "\U0001f3fb-\U0001f3ff"
_FLAG_LETTER = "\U0001f1e6-\U0001f1ff"
_OLD_SIGNS = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u231a\u231b\u2328\u23cf"
    "\u23e9-\u23f3\u23f8-\u23fa\u24c2\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u27bf"
    "\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030\u303d\u3297\u3299"
)
_PICTURE = f"(?:[{_OLD_SIGNS}]|(?![{_SKIN}{_FLAG_LETTER}])[\U0001f000-\U0001faff])"
_DRAWN = f"{_PICTURE}(?:{_COLOUR}|[{_SKIN}])?"
_EMOJI = re.compile(
    f"{_DRAWN}(?:\u200d{_DRAWN})*"
    f"|[{_FLAG_LETTER}]{{2}}"
    f"|[0-9#*]{_COLOUR}?\u20e3"
    "|\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"
)
# Of the old signs those that are coloured without being asked (Unicode: Emoji_Presentation).
_ALWAYS_COLOURED = frozenset(
    "⌚⌛⏩⏪⏫⏬⏰⏳◽◾☔☕♈♉♊♋♌♍♎♏♐♑♒♓♿⚓⚡⚪⚫⚽⚾⛄⛅⛎⛔⛪⛲⛳⛵⛺⛽✅✊✋✨❌❎❓❔❕❗➕➖➗➰➿⬛⬜⭐⭕"
)


def reaction_emoji(raw: str) -> str:
    """The emoji, if it is exactly one of at most 32 bytes; Invalid otherwise. A heart with and
    without its colour sign is the same heart."""
    sign = raw.strip()
    if len(sign.encode("utf-8", "replace")) > _MAX_BYTES or not _EMOJI.fullmatch(sign):
        raise Invalid(N_("Choose one emoji."), fields={"emoji": N_("Choose one emoji.")})
    bare = sign.replace(_COLOUR, "")
    if len(bare) > 1:
        return sign
    is_old = bare < "\U0001f000"
    return bare + _COLOUR if is_old and bare not in _ALWAYS_COLOURED else bare
