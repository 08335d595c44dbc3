"""A company with a secret in it, built through the door as people would.

Everything of the secret group has `kraken` in it: its name, address, purpose, posts, hashtag, file
names and descriptions. Ids and keys of its rows are kept too. `build_company` comes first and
knows nothing of it; `add_secret` then makes the group and everything that can happen in it.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from intranet.accounts.models import Account, Role
from intranet.composer.models import Draft
from intranet.db import db
from intranet.groups.models import Group, GroupInvitation, GroupPrivacy, JoinRequest, Membership
from intranet.media.models import MediaAttachment
from intranet.posts.models import Post
from intranet.reviews.models import PageSubmission
from intranet.scheduled.models import ScheduledPost
from tests.browse import Browser
from tests.factories import Factory
from tests.mastodon.tokens import token_of
from tests.media.pictures import picture

WORD = "kraken"
SLUG, MISSING_SLUG = "the-kraken-deal", "the-missing-deal"
PAGE, MISSING_PAGE = "newsroom", "noroom-x"  # an official page, and none
MISSING_ID = 7_000_000_000_000_000_001
MISSING_KEY = "0123456789abcdef0123456789abcdef"
# A poll whose voters are shown, so that its pages are there for whoever may read the post.
POLL: dict[str, object] = {"part": "poll", "option": ["Tea", "Coffee"], "named": "1"}
KEPT_MAIL = 7  # a letter in the folder that administrators read

INSIDERS = ("owner", "moderator", "member", "inner_guest")
# Nobody's rank opens the secret: human resources and administrators stand outside too.
OUTSIDERS = (
    "outsider", "guest", "requester", "removed", "hr", "organisation_moderator", "administrator",
)  # fmt: skip
_ROLES = {
    "guest": Role.GUEST,
    "inner_guest": Role.GUEST,
    "hr": Role.HR,
    "organisation_moderator": Role.MODERATOR,
    "administrator": Role.ADMINISTRATOR,
}
_HANDLES = {name: name.replace("_", "") for name in (*INSIDERS, *OUTSIDERS, "invited")}


@dataclass
class World:
    app: Flask
    make: Factory
    browse: Browser
    people: dict[str, Account] = field(default_factory=dict)
    clients: dict[str | None, FlaskClient] = field(default_factory=dict)
    posts: dict[str, int] = field(default_factory=dict)
    open_slug: str = "canteen"
    closed_slug: str = "audit"
    group_id: int = 0
    media: dict[str, tuple[int, str]] = field(default_factory=dict)  # name: (id, key)
    invitation_id: int = 0
    occurrence_id: int = 0  # of the secret group's event
    scheduled_id: int = 0
    draft_id: int = 0  # what the member was writing in the secret group
    request_id: int = 0
    submission_id: int = 0  # what waits on the official page

    def client(self, who: str | None) -> FlaskClient:
        if who not in self.clients:
            self.clients[who] = self.browse(self.people[who] if who else None)
            if who:
                # Beside the cookie a token: each door looks at its own only.
                token = token_of(self.app, self.people[who])
                self.clients[who].environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        return self.clients[who]

    def send(self, who: str, path: str, **form: object) -> TestResponse:
        answer = self.client(who).post(path, data=form)
        assert answer.status_code in (200, 201, 204, 303), (path, answer.status_code, answer.text)
        return answer

    def read(self, find: Callable[[], Any]) -> Any:
        with self.app.app_context():
            return find()

    def publish(self, who: str, path: str, source: str, **form: object) -> int:
        """The id of the post that this request made."""
        self.send(who, path, source=source, **form)
        newest = select(Post.id).order_by(Post.id.desc()).limit(1)
        return int(self.read(lambda: db.session.scalars(newest).one()))

    def upload(self, who: str, name: str, alt_text: str) -> tuple[int, str]:
        data = b"%PDF-1.4 the deal" if name.endswith(".pdf") else picture().getvalue()
        self.send(who, "/media", file=_file(data, name), alt_text=alt_text)
        newest = select(MediaAttachment).order_by(MediaAttachment.id.desc()).limit(1)
        media = self.read(lambda: db.session.scalars(newest).one())
        return media.id, media.key

    @property
    def markers(self) -> tuple[str, ...]:
        """What no outsider's answer may hold."""
        secret_posts = [id_ for name, id_ in self.posts.items() if name.startswith("secret")]
        ids = [
            self.group_id,
            self.invitation_id,
            self.request_id,
            self.occurrence_id,
            self.scheduled_id,
            self.draft_id,
            *secret_posts,
        ]
        ids += [id_ for id_, _key in self.media.values()]
        return (WORD, *(str(id_) for id_ in ids if id_), *(key for _, key in self.media.values()))


def _file(data: bytes, name: str) -> tuple[object, str]:
    return io.BytesIO(data), name


def build_company(app: Flask, make: Factory, browse: Browser) -> World:
    """People, an open and a closed group, and posts of every audience; no secret yet."""
    world = World(app, make, browse)
    for name, handle in _HANDLES.items():
        role = _ROLES.get(name, Role.MEMBER)
        world.people[name] = make.account(handle, role, department="Works", site="Nantes")
    for name in world.people:
        world.client(name)  # everybody has a session and a token from the beginning
    people = world.people
    # The outsider is as near to the member as one can be: follows, is followed, shares groups.
    for other in ("outsider", "removed", "administrator", "hr"):
        make.follow(people[other], people["member"])
        make.follow(people["member"], people[other])
        make.follow(people[other], people["owner"])
    make.group("canteen", owner=people["owner"], members=[
        people[name] for name in ("member", "outsider", "guest", "administrator", "removed")
    ])  # fmt: skip
    make.group("audit", GroupPrivacy.CLOSED, owner=people["owner"], members=[people["hr"]])
    folder = app.extensions["intranet.settings"].mail_folder
    folder.mkdir()
    (folder / f"{KEPT_MAIL}.eml").write_bytes(b"To: ann@example.test\r\nSubject: Hi\r\n\r\nHi")
    posts = world.posts
    posts["organisation"] = world.publish(
        "member", "/posts", "Good morning #depot @outsider", **POLL
    )
    posts["followers"] = world.publish("member", "/posts", "For you", audience="followers", **POLL)
    posts["open"] = world.publish(
        "member", "/groups/canteen/posts", "Soup of the day #depot", **POLL
    )
    posts["closed"] = world.publish("owner", "/groups/audit/posts", "Findings of the audit", **POLL)
    world.publish("outsider", f"/posts/{posts['organisation']}/replies", "Good morning to you")
    world.send("outsider", f"/posts/{posts['organisation']}/reactions", emoji="⭐")
    world.send("outsider", f"/posts/{posts['organisation']}/bookmark")
    world.send("outsider", f"/posts/{posts['open']}/boost")
    add_page(world)
    return world


def add_page(world: World) -> None:
    """An official page of human resources that administrators help with; one post waits on it."""
    world.send("hr", "/pages", handle=PAGE, name="Newsroom", is_public="1")
    world.send("hr", f"/pages/{PAGE}/editors", handle="administrator", role="reviewer")
    world.posts["page"] = world.publish("hr", f"/pages/{PAGE}/posts", "The wire has news")
    world.send("hr", f"/pages/{PAGE}/posts", source="The wire waits", review="1")
    newest = select(PageSubmission.id).limit(1)
    world.submission_id = int(world.read(lambda: db.session.scalars(newest).one()))
    world.client("hr").get("/settings")  # the sentences that wait for the next page are shown


def add_secret(world: World) -> World:
    """The secret group, with everything that can happen in one."""
    people, posts = world.people, world.posts
    # It begins as a closed one, so that somebody may have asked to join before it disappears.
    world.send(
        "owner", "/groups", name="The Kraken Deal", purpose="Buying Kraken", about="About Kraken",
        privacy="closed",
    )  # fmt: skip
    here = f"/groups/{SLUG}"
    world.send("requester", f"{here}/join", message="Let me hunt the kraken")
    world.send("owner", f"{here}/settings", name="The Kraken Deal", purpose="Buying Kraken",
               about="About Kraken", privacy="secret")  # fmt: skip
    for name in ("moderator", "member", "inner_guest", "removed"):
        world.send("owner", f"{here}/invitations", handle=people[name].handle)
        world.send(name, f"{here}/invitation/accept")
        world.send(name, f"{here}/notify", level="everything")
    world.send("owner", f"{here}/members/moderator/role", role="moderator")
    world.send("owner", f"{here}/invitations", handle="invited")

    world.media["picture"] = world.upload("member", "kraken-face.jpg", "A kraken at sea")
    world.media["file"] = world.upload("member", "kraken-offer.pdf", "")
    posts["secret"] = world.publish(
        "member", f"{here}/posts", "We buy Kraken @outsider @guest @removed #krakentag #depot",
        media_id=[str(id_) for id_, _key in world.media.values()],
        part="poll", option=["Kraken at once", "Kraken later"], named="1",
    )  # fmt: skip
    secret = f"/posts/{posts['secret']}"
    posts["secret_reply"] = world.publish(
        "removed", f"{secret}/replies", "I know Kraken @member #krakentag"
    )
    posts["secret_answer"] = world.publish(
        "owner", f"/posts/{posts['secret_reply']}/replies", "Kraken answers @removed"
    )
    posts["secret_second"] = world.publish("owner", f"{here}/posts", "More Kraken #krakentag")
    for name in ("owner", "removed"):
        world.send(name, f"{secret}/votes", choice="1")
    world.send(
        "member", f"{here}/posts", source="We buy Kraken later", part="schedule",
        scheduled_date="2030-06-01", scheduled_time="10:00",
    )  # fmt: skip
    world.send(
        "member", "/drafts", place="home", audience=f"group:{SLUG}", source="Kraken, half written"
    )
    posts["secret_message"] = world.publish(
        "member", "/conversations?to=moderator", "Between us: Kraken costs a lot #krakentag"
    )
    world.publish(
        "moderator", f"/posts/{posts['secret_message']}/replies", "So Kraken does @outsider"
    )
    world.send("removed", f"{secret}/bookmark")
    for name in ("owner", "removed", "inner_guest"):
        world.send(name, f"{secret}/reactions", emoji="⭐")
    world.send("owner", f"{secret}/boost")
    boosted = select(Post.id).where(Post.boost_of_id == posts["secret"])
    posts["secret_boost"] = int(world.read(lambda: db.session.scalars(boosted).one()))
    world.send("member", f"{secret}/bookmark")
    world.send("owner", f"{secret}/pin")
    world.send("member", f"{secret}/edit", source="We buy Kraken at once @outsider #krakentag")
    arrange_secret(world)
    world.send("owner", f"{here}/members/removed/remove")

    for who in people:
        world.client(who).get("/settings")  # sentences that wait for the next page are shown

    def keep() -> None:
        group = db.session.scalars(select(Group).where(Group.slug == SLUG)).one()
        world.group_id = group.id
        invitations = select(GroupInvitation.id).where(GroupInvitation.group_id == group.id)
        world.invitation_id = db.session.scalars(invitations).one()
        requests = select(JoinRequest.id).where(JoinRequest.group_id == group.id)
        world.request_id = db.session.scalars(requests).one_or_none() or 0
        coming = select(ScheduledPost.id).where(ScheduledPost.group_id == group.id)
        world.scheduled_id = db.session.scalars(coming).one()
        world.draft_id = db.session.scalars(select(Draft.id)).one()

    world.read(keep)
    return world


def arrange_secret(world: World) -> None:
    """An event of the secret group, which somebody comes to who is removed afterwards."""
    made = world.client("owner").post(
        "/events",
        data={
            "title": "We buy Kraken at once", "organiser": f"group:{SLUG}", "place": "Kraken bay",
            "starts_date": "2030-01-07", "starts_time": "10:00", "ends_date": "2030-01-07",
            "ends_time": "11:00", "time_zone": "Europe/Paris", "capacity": "2",
        },
    )  # fmt: skip
    assert made.status_code == 303, made.text
    world.occurrence_id = int(made.headers["Location"].rsplit("/", 1)[1])
    event = f"/events/{world.occurrence_id}"
    for name in ("member", "removed", "inner_guest"):
        world.send(name, f"{event}/answer", answer="going")
    world.posts["secret_comment"] = world.publish("member", f"{event}/comments", "Bring the kraken")


def members_of(world: World, slug: str) -> set[str]:
    """The handles of a group's members, from the table itself."""
    rows = (
        select(Account.handle)
        .join(Membership, Membership.account_id == Account.id)
        .join(Group, Group.id == Membership.group_id)
        .where(Group.slug == slug)
    )
    return set(world.read(lambda: db.session.scalars(rows).all()))
