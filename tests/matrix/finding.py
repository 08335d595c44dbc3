"""What the routes of catching up, search and feeds are for."""

from __future__ import annotations

from tests.matrix.cases import Case, Kind, form, page

K = Kind
FINDING: dict[tuple[str, str], Case] = {
    # catching up
    ("GET", "catch_up.show"): page(K.PERSONAL, "", "since=week", "skip=20", shows=True),
    ("GET", "catch_up.count"): page(K.PERSONAL),
    ("POST", "catch_up.seen"): form(K.PERSONAL, until="1"),
    ("POST", "catch_up.undo"): form(K.PERSONAL),
    ("POST", "catch_up.dismiss"): form(K.PERSONAL),
    ("GET", "catch_up.weights"): page(K.PERSONAL),
    ("POST", "catch_up.save_weights"): form(K.PERSONAL, near="1"),
    ("POST", "catch_up.reset_weights"): form(K.PERSONAL),
    ("GET", "search.show"): page(
        K.PERSONAL,
        "q={word}",
        "q=%23{tag}",
        "q=member",
        *(f"q={{word}}&in={kind}" for kind in ("people", "pages", "groups", "posts", "files")),
        "q=in:{slug}",
        "scope={slug}",
        "q={word}&sort=newest&in=posts",
        "q={word}+-nothing+type:post",
        "q=krakken",
        "q=has:file",
        "q=depot",
        shows=True,
    ),
    ("GET", "saved_searches.index"): page(K.PERSONAL),
    ("GET", "saved_searches.show"): page(K.PERSONAL),
    ("POST", "saved_searches.create"): form(K.PERSONAL, q=""),
    ("POST", "saved_searches.update"): form(K.PERSONAL, name="x"),
    ("POST", "saved_searches.delete"): form(K.PERSONAL),
    ("POST", "saved_searches.remember"): form(K.PERSONAL, q="freins"),
    ("POST", "saved_searches.forget"): form(K.PERSONAL),
    ("GET", "feeds.index"): page(K.PERSONAL, "", "of=hashtag&key={tag}", "of=profile&key=member"),
    ("POST", "feeds.create"): form(K.PERSONAL, of="hashtag", key="no tag"),
    ("POST", "feeds.revoke"): form(K.PERSONAL),
    ("GET", "feeds.show"): page(K.PUBLIC),
}
