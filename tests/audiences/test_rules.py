"""Whom a rule includes, asked from both sides, which must always agree."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from intranet.accounts.models import Account, AccountKind, Role
from intranet.audiences import rules
from intranet.audiences.models import Audience, AudienceField, AudienceTerm
from intranet.audiences.rules import AudienceRule
from intranet.db import db
from intranet.groups.models import Group
from intranet.posts import policies as post_policies
from intranet.posts.models import Post, Visibility
from intranet.unit_of_work import unit_of_work
from tests.factories import Factory

CASES = [
    (AudienceRule(), {"ann", "bob", "cleo", "dan"}),
    (AudienceRule(departments=("Works",)), {"ann", "bob"}),
    (AudienceRule(departments=("Works", "HR")), {"ann", "bob", "cleo"}),
    (AudienceRule(departments=("Works",), sites=("Lyon",)), {"bob"}),
    (AudienceRule(roles=("hr",)), {"cleo"}),
    (AudienceRule(employments=("apprentice",)), {"dan"}),
    (AudienceRule(languages=("fr",)), {"ann", "cleo"}),
    (AudienceRule(sites=("Nowhere",)), set()),
]


@pytest.fixture
def people(make: Factory) -> None:
    make.account("ann", department="Works", site="Nantes", languages=["fr", "en"])
    make.account("bob", department="Works", site="Lyon", languages=["en"])
    make.account("cleo", Role.HR, department="HR", site="Lyon", locale="fr")
    make.account("dan", department="Finance", site="Nantes", employment="apprentice")
    make.account("guest", Role.GUEST, department="Works", site="Lyon", languages=["fr"])
    make.account("page", kind=AccountKind.PAGE, department="Works", site="Lyon", locale="fr")


def store(rule: AudienceRule) -> int:
    audience = Audience()
    db.session.add(audience)
    db.session.flush()
    for field, values in rule.terms():
        for value in values:
            is_group = field is AudienceField.GROUP
            db.session.add(
                AudienceTerm(
                    audience_id=audience.id,
                    field=field,
                    value="" if is_group else value,
                    group_id=value if is_group else None,
                )
            )
    db.session.flush()
    return audience.id


def asked(rule: AudienceRule, audience_id: int) -> list[set[str]]:
    """Of the value, of the stored rule, and of each account in turn."""
    by_value = set(db.session.scalars(select(Account.handle).where(rules.matching(rule))))
    by_row = set(db.session.scalars(select(Account.handle).where(rules.members(audience_id))))
    one_by_one = {
        account.handle
        for account in db.session.scalars(select(Account))
        if account.is_active and db.session.scalar(select(rules.includes(account, audience_id)))
    }
    return [by_value, by_row, one_by_one]


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(("rule", "wanted"), CASES)
def test_a_rule_includes_the_same_people_from_every_side(
    app: Flask, rule: AudienceRule, wanted: set[str]
) -> None:
    with app.app_context(), unit_of_work():
        audience_id = store(rule)
        assert rules.read(audience_id) == rule
        assert asked(rule, audience_id) == [wanted] * 3


@pytest.mark.usefixtures("people")
def test_a_guest_is_included_only_by_a_group_and_a_lost_group_by_nobody(
    app: Flask, make: Factory
) -> None:
    with app.app_context():
        everybody = {one.handle: one for one in db.session.scalars(select(Account))}
    group = make.group("board", owner=everybody["ann"], members=[everybody["guest"]])
    rule = AudienceRule(group_ids=(group.id,))
    with app.app_context(), unit_of_work():
        audience_id = store(rule)
        assert asked(rule, audience_id) == [{"ann", "guest"}] * 3
        db.session.delete(db.session.get_one(Group, group.id))
        db.session.flush()
        db.session.expire_all()
        assert asked(rules.read(audience_id), audience_id) == [set()] * 3


@pytest.mark.usefixtures("people")
def test_a_post_for_an_audience_is_for_nobody_else(app: Flask, make: Factory) -> None:
    with app.app_context(), unit_of_work():
        audience_id = store(AudienceRule(departments=("Works",)))
        author = db.session.scalars(select(Account).where(Account.handle == "cleo")).one()
        db.session.add(
            Post(
                author_id=author.id,
                visibility=Visibility.AUDIENCE,
                audience_id=audience_id,
                source="For the works",
            )
        )
        db.session.flush()
        readers = {
            account.handle
            for account in db.session.scalars(select(Account))
            if db.session.scalar(select(Post.id).where(post_policies.visible_to(account)))
        }
        post = db.session.scalars(select(Post)).one()
        from_the_other_side = set(
            db.session.scalars(select(Account.handle).where(post_policies.readers_of(post)))
        )
        assert readers == from_the_other_side == {"ann", "bob", "cleo"}


@pytest.mark.usefixtures("people")
def test_an_audience_that_is_missing_includes_nobody(app: Flask) -> None:
    with app.app_context(), unit_of_work():
        author = db.session.scalars(select(Account).where(Account.handle == "cleo")).one()
        reader = db.session.scalars(select(Account).where(Account.handle == "ann")).one()
        db.session.add(Post(author_id=author.id, visibility=Visibility.AUDIENCE, source="Lost"))
        db.session.flush()
        assert db.session.scalar(select(Post.id).where(post_policies.visible_to(author)))
        assert not db.session.scalar(select(Post.id).where(post_policies.visible_to(reader)))
        assert not db.session.scalar(select(rules.includes(reader, 4711)))
