"""Where in the body of a letter the quotation begins, as mail programs mark it in English and
French. The library that takes signatures away knows most English marks; here are those it misses:
French ones with their no-break spaces, marks that a narrow window has broken into several lines,
and answers below what they quote."""

from __future__ import annotations

import re

# One for one, so that lines stay where they are. Mail programs write all of these.
_AS_TYPED = str.maketrans({"\xa0": " ", "\u202f": " ", "\u2009": " ", "’": "'"})
_QUOTED = re.compile(r"^(?:> ?)+")
_WROTE = re.compile(r"\b(?:wrote|a écrit) ?:$")
_DATED = re.compile(r"^(?:On|Le) .*\d")
_ADDRESS = re.compile(r"<[^<>@\s]+@[^<>\s]+>")
_BY_DATE = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d .*<[^<>@\s]+@[^<>\s]+>:$")
_FROM = re.compile(r"^\*?(?:De|From) ?:")
_FURTHER = re.compile(r"^\*?(Envoyé|Date|Sent|À|A|To|Cc|Objet|Subject) ?:")
_TIME_OR_SUBJECT = frozenset({"Envoyé", "Date", "Sent", "Objet", "Subject"})
_RULE = re.compile(r"^(?:_{5,}|-{5,})$")
_MARK = re.compile(
    r"^-{2,} ?(?:Message d'origine|Message original|Message transféré|Original Message"
    r"|Forwarded message) ?-{2,}$",
    re.IGNORECASE,
)
_MOST_LINES = 3  # of a mark that was broken
_MOST_HEADERS = 7


def without_quotation(text: str) -> str:
    """What stands before the first mark; where nothing does, what stands below it and is not
    quoted itself."""
    lines = text.splitlines()
    seen = [line.translate(_AS_TYPED).strip() for line in lines]
    for place in range(len(lines)):
        end = _attribution(seen, place)
        if end is None and not _begins_headers(seen, place):
            continue
        above = lines[: _without_rules(seen, place)]
        if any(line and not line.startswith(">") for line in above):
            return "\n".join(above)
        below = lines[end:] if end is not None else []
        if not any(line.startswith(">") for line in below):
            return ""  # nothing tells an answer from the quotation
        return "\n".join(line for line in below if not line.startswith(">"))
    return text


def _attribution(seen: list[str], place: int) -> int | None:
    """The line after "On Monday Ann wrote:", which may be broken; None when it does not begin
    here."""
    first = _QUOTED.sub("", seen[place])
    if _BY_DATE.match(first):
        return place + 1
    is_dated = bool(_DATED.match(first))
    joined = ""
    for end in range(place + 1, min(place + (_MOST_LINES if is_dated else 1), len(seen)) + 1):
        joined = f"{joined} {_QUOTED.sub('', seen[end - 1])}".strip()
        if _WROTE.search(joined):
            return end if is_dated or _ADDRESS.search(joined) else None
    return None


def _begins_headers(seen: list[str], place: int) -> bool:
    """Whether the headers of the quoted letter, or the line above them, stand here."""
    if _MARK.match(seen[place]):
        return True
    if not _FROM.match(_plain(seen[place])):
        return False
    further = [_FURTHER.match(_plain(line)) for line in seen[place + 1 : place + _MOST_HEADERS]]
    names = {found[1] for found in further if found}
    return len(names) >= 2 and bool(names & _TIME_OR_SUBJECT)


def _plain(line: str) -> str:
    return _QUOTED.sub("", line).replace("*", "")


def _without_rules(seen: list[str], place: int) -> int:
    """The place, or that of the rule or empty lines above it."""
    while place and (not seen[place - 1] or _RULE.match(seen[place - 1])):
        place -= 1
    return place
