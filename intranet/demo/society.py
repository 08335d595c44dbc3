"""The written company's people, groups and follows, made by the ordinary actions."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from random import Random
from typing import Any

from sqlalchemy import insert, update

from intranet.accounts.actions import NewAccount, create_account
from intranet.accounts.models import Account, Role
from intranet.accounts.passwords import PasswordHash
from intranet.accounts.profile import ProfileDraft, update_profile
from intranet.db import db
from intranet.demo.company import Company, GroupPlan, Person
from intranet.groups import actions as groups
from intranet.groups import invitations, requests
from intranet.groups.membership import add_member
from intranet.groups.models import Group, GroupPrivacy, GroupRole, Membership, NotifyLevel
from intranet.kernel.clock import in_the_past
from intranet.kernel.ids import id_at
from intranet.relationships.models import Follow

_NETWORK_AGE = dt.timedelta(days=365)
_FAMOUS = ("florence", "noemie", "antoine", "helene", "ines")
# What the employee of the demo needs for a full home: people of every site.
_CHOSEN = {
    "camille": (
        "ines", "sofia", "rachid", "tom", "grace", "leo", "amelie", "florence", "helene",
        "noemie", "lucie", "antoine", "yann", "clement", "priya", "hugo", "louise", "rafael",
        "agnieszka", "genevieve", "mathieu", "fatou", "youssef",
    ),
}  # fmt: skip
_INVITED = (("signalisation", "baptiste", "camille"),)  # (group, who invites, who is invited)


def make_people(company: Company, now: dt.datetime, password: PasswordHash) -> dict[str, Account]:
    """Accounts with their profiles, by handle."""
    accounts: dict[str, Account] = {}
    for person in company.people:
        with in_the_past(max(person.joined_at, now - _NETWORK_AGE)):
            account = create_account(
                NewAccount(
                    handle=person.handle,
                    email=f"{person.handle}@{_domain(person)}",
                    display_name=person.name,
                    role=Role(person.role),
                    password_hash=password,
                    time_zone=person.time_zone,
                    locale=person.language,
                )
            )
        account.joined_on = person.joined_at.date()
        accounts[person.handle] = account
    for person in company.people:
        update_profile(
            accounts[person.handle],
            ProfileDraft(
                display_name=person.name,
                title=person.title,
                department=person.department,
                site=person.site,
                manager=person.manager or "",
                phone=person.phone,
                pronouns=person.pronouns,
                languages=person.languages,
                about=person.about,
                skills=person.skills,
            ),
        )
    db.session.flush()
    return accounts


def _domain(person: Person) -> str:
    return "nantes-metropole.example" if person.sponsor else "merival.example"


def make_groups(
    company: Company, accounts: dict[str, Account], now: dt.datetime, dice: Random
) -> dict[str, Group]:
    """Groups with their members, requests and invitations, by the slug of the plan."""
    made: dict[str, Group] = {}
    for plan in company.groups:
        with in_the_past(max(plan.created_at, now - _NETWORK_AGE)):
            draft = groups.GroupDraft(
                plan.name, plan.purpose, plan.about, GroupPrivacy(plan.privacy)
            )
            group = groups.create(accounts[plan.owner], draft)
        made[plan.slug] = group
        _fill(group, plan, accounts, now, dice)
        for handle in plan.requests:
            with in_the_past(now - dt.timedelta(hours=dice.uniform(3, 40))):
                requests.ask(accounts[handle], group)
    for slug, host, guest in _INVITED:
        with in_the_past(now - dt.timedelta(hours=4)):
            invitations.invite(accounts[host], made[slug], accounts[guest])
    db.session.flush()
    return made


def _fill(
    group: Group,
    plan: GroupPlan,
    accounts: dict[str, Account],
    now: dt.datetime,
    dice: Random,
) -> None:
    for handle in (*plan.moderators, *plan.members):
        account = accounts[handle]
        role = GroupRole.MODERATOR if handle in plan.moderators else GroupRole.MEMBER
        joined = max(group.created_at, account.created_at)
        with in_the_past(joined + (now - joined) * dice.uniform(0, 0.1)):
            add_member(group, account, role)
    for handle in (plan.owner, *plan.moderators):
        db.session.execute(
            update(Membership)
            .where(Membership.group_id == group.id, Membership.account_id == accounts[handle].id)
            .values(notify_level=NotifyLevel.EVERYTHING)
        )


def make_follows(
    company: Company, accounts: dict[str, Account], now: dt.datetime, dice: Random
) -> dict[str, list[str]]:
    """Who follows whom: colleagues, managers, people of one's groups, and some whom all follow.
    Nobody has posted yet, so that homes need nothing; counters are set at once. Gives the
    followers of each."""
    needed = {
        (reply.author, post.author)
        for post in company.posts
        if post.followers_only
        for reply in post.replies
    }
    staff = [person for person in company.people if person.role != "guest"]
    groups_of = {
        person.handle: {
            plan.slug
            for plan in company.groups
            if person.handle in (plan.owner, *plan.moderators, *plan.members)
        }
        for person in staff
    }
    rows: list[dict[str, Any]] = []
    following: Counter[str] = Counter()
    followers: dict[str, list[str]] = {person.handle: [] for person in staff}
    for person in staff:
        for other in staff:
            if person is other:
                continue
            wanted = _follows(person, other, groups_of, dice)
            if not wanted and (person.handle, other.handle) not in needed:
                continue
            joined = max(accounts[one.handle].created_at for one in (person, other))
            when = joined + (now - joined) * dice.uniform(0, 0.6)
            rows.append(
                {
                    "follower_id": accounts[person.handle].id,
                    "followee_id": accounts[other.handle].id,
                    "id": id_at(when, len(rows)),
                    "created_at": when,
                    "wide": False,
                }
            )
            following[person.handle] += 1
            followers[other.handle].append(person.handle)
    db.session.execute(insert(Follow), rows)
    for person in staff:
        account = accounts[person.handle]
        account.following_count = following[person.handle]
        account.followers_count = len(followers[person.handle])
    db.session.flush()
    return followers


def _follows(person: Person, other: Person, groups_of: dict[str, set[str]], dice: Random) -> bool:
    chance = dice.random()  # always one throw, so that a change here shifts nothing elsewhere
    if person.handle in _CHOSEN:
        return other.handle in _CHOSEN[person.handle]
    if other.handle == person.manager or other.manager == person.handle:
        return True
    likely = 0.03
    if other.handle in _FAMOUS:
        likely = 0.75
    elif other.department == person.department:
        likely = 0.7
    elif other.site == person.site:
        likely = 0.25
    return chance < likely + 0.08 * len(groups_of[person.handle] & groups_of[other.handle])
