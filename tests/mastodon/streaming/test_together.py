"""One post told to many: read for all at once, and still to each what is for it."""

from __future__ import annotations

from typing import Any

from intranet.accounts.models import Role
from intranet.filters.models import ContentFilter, FilterKeyword
from intranet.groups.models import GroupPrivacy
from intranet.posts.models import Visibility
from intranet.relationships.models import Block
from tests.factories import Factory
from tests.mastodon.conftest import Call, Caller
from tests.mastodon.streaming.conftest import Ear, Listen


def publish(program: Caller, text: str, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = program.post("/api/v1/statuses", status=text, **more)
    return found


def heard(ear: Ear) -> list[dict[str, Any]]:
    return [payload for event, payload in ear.heard() if event == "update"]


def test_a_secret_groups_post_and_a_blocked_persons_reach_those_they_are_for(
    make: Factory, call: Call, listen: Listen
) -> None:
    ann, member, outsider, apart = make.accounts("ann", "member", "outsider", "apart")
    guest = make.account("guest", Role.GUEST)
    board = make.group("board", GroupPrivacy.SECRET, owner=ann, members=[member, guest])
    for one in (member, outsider, apart):
        make.follow(one, ann)
    make._save(Block(blocker_id=ann.id, blocked_id=apart.id))
    ears = {one.handle: listen(one, "user", "public") for one in (member, outsider, apart, guest)}
    secret = publish(call(ann), "@board Kraken")
    path = f"/api/v1/statuses/{secret['id']}"
    assert call(member).open("GET", path).status_code == 200
    assert call(outsider).open("GET", path).status_code == 404
    told = {handle: [one["id"] for one in heard(ear)] for handle, ear in ears.items()}
    assert told == {
        "member": [secret["id"]], "outsider": [], "apart": [], "guest": [secret["id"]],
    }  # fmt: skip
    open_to_all = publish(call(ann), "For everybody")
    assert call(apart).open("GET", f"/api/v1/statuses/{open_to_all['id']}").status_code == 404
    told = {handle: [one["id"] for one in heard(ear)] for handle, ear in ears.items()}
    twice = [open_to_all["id"]] * 2
    assert told == {"member": twice, "outsider": twice, "apart": [], "guest": []}
    assert board.id


def test_each_hears_it_as_it_would_read_it(make: Factory, call: Call, listen: Listen) -> None:
    ann = make.account("ann", title="Diver")
    bob, cem = make.account("bob", locale="fr"), make.account("cem", locale="en")
    dan = make.account("dan", role=Role.MODERATOR)
    make.follow(bob, ann)
    make.post(ann, "For who follows", visibility=Visibility.FOLLOWERS)
    mine = ContentFilter(account_id=bob.id, title="Food", contexts=["home"])
    make._save(mine)
    make._save(FilterKeyword(filter_id=mine.id, keyword="soup"))
    listeners = (bob, cem, dan, ann)
    ears = [listen(one, "public") for one in listeners]
    post = publish(call(ann), "Soup @cem #lunch")
    for one, ear in zip(listeners, ears, strict=True):
        (entity,) = heard(ear)
        read = call(one).get(f"/api/v1/statuses/{post['id']}")
        # A stream has the language of its account, a request that of its program.
        fields = [told["account"].pop("fields")[0] for told in (entity, read)]
        assert fields[0]["name"] == ("Fonction" if one is bob else "Title"), fields
        assert entity == read, one.handle
        assert bool(entity["filtered"]) == (one is bob)
        assert entity["account"]["statuses_count"] == (1 if one in (cem, dan) else 2)


def test_ten_viewers_cost_a_few_statements_more_each_than_one(
    make: Factory, call: Call, listen: Listen, statements: list[str]
) -> None:
    ann, *others = make.accounts("ann", *(f"p{number}" for number in range(10)))
    program = call(ann)

    def cost(ears: list[Ear]) -> int:
        publish(program, "One")
        statements.clear()
        assert [len(heard(ear)) for ear in ears] == [1] * len(ears)
        return len(statements)

    ears = [listen(others[0], "public")]
    cost(ears)
    one = cost(ears)
    ears += [listen(other, "public") for other in others[1:]]
    # Of each only its token, and whether the timeline holds the post.
    assert cost(ears) <= one + 9 * 2
