"""Filter and FilterResult: https://docs.joinmastodon.org/entities/Filter/"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from intranet.filters.matching import Match
from intranet.filters.models import FilterAction
from intranet.filters.queries import FilteredPostView, FilterView, KeywordView
from intranet.mastodon.answers import moment


def content_filter(one: FilterView) -> dict[str, Any]:
    """A filter with what it looks for."""
    return _plain(one) | {
        "keywords": [keyword(word) for word in one.keywords],
        "statuses": [filtered_status(entry) for entry in one.posts],
    }


def keyword(word: KeywordView) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/FilterKeyword/"""
    return {"id": str(word.id), "keyword": word.keyword, "whole_word": word.whole_word}


def filtered_status(entry: FilteredPostView) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/FilterStatus/"""
    return {"id": str(entry.id), "status_id": str(entry.post_id)}


def results(matches: Iterable[Match], post_id: int) -> list[dict[str, Any]]:
    """https://docs.joinmastodon.org/entities/FilterResult/"""
    return [
        {
            "filter": _plain(match.filter),
            "keyword_matches": list(match.keywords) or None,
            "status_matches": [str(post_id)] if match.by_post else None,
        }
        for match in matches
    ]


def old_filter(one: FilterView, word: KeywordView) -> dict[str, Any]:
    """https://docs.joinmastodon.org/entities/V1_Filter/: there a filter is one keyword."""
    return {
        "id": str(word.id),
        "phrase": word.keyword,
        "context": list(one.contexts),
        "whole_word": word.whole_word,
        "expires_at": moment(one.expires_at),
        "irreversible": one.action is FilterAction.HIDE,
    }


def _plain(one: FilterView) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "title": one.title,
        "context": list(one.contexts),
        "expires_at": moment(one.expires_at),
        "filter_action": one.action,
    }
