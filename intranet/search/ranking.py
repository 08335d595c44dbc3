"""Which of the newest finds come first. The same on both databases: what an engine thinks of a
word depends on all posts, also on those that the viewer may not read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from intranet.kernel.clock import utc_now
from intranet.kernel.ids import id_at
from intranet.kernel.text import fold
from intranet.search.resolving import Search

RANKED = 500  # the newest finds are put in order; older ones are reached by date
_HALF_AS_GOOD = 120.0  # days after which a find counts half
_DAY = 86_400_000 << 22  # of ids


def best_first(search: Search, rows: Sequence[Any]) -> list[Any]:
    """The rows (id, text, replies_count, boosts_count) in their order: words that stand often in
    a short text, side by side as they were typed; what people answered and passed on; the new
    before the old."""
    words = [
        min((row[0] for row in term.rows), key=len)
        for term, one in zip(search.terms, search.question.wanted, strict=False)
        if not one.excluded
    ]
    typed = fold(search.words)
    signs = [one for one in fold(search.question.text).split() if len(one) > 1 and one[0] in "#@"]
    now = id_at(utc_now())

    def score(row: Any) -> float:
        text: str = row.text
        often = sum(min(text.count(word), 3) for word in words) if words else 1.0
        value = 1.0 + often / (1.0 + len(text) / 400)
        if len(words) > 1 and typed in text:
            value *= 1.6
        if signs and all(one in text for one in signs):
            value *= 1.6  # the hashtag, the mention: not only the word
        value *= 1.0 + 0.12 * math.log1p(row.replies_count + row.boosts_count)
        return float(value / (1.0 + max(now - row.id, 0) / _DAY / _HALF_AS_GOOD))

    return sorted(rows, key=lambda row: (-score(row), -row.id))
