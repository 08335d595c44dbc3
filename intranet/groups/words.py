"""What somebody types to find a group or a member."""

from intranet.kernel import text


def words_in(q: str) -> list[str]:
    """The folded words to look for in a `search_text`; 200 characters are read."""
    return text.fold(text.normalise(q[:200])).split()
