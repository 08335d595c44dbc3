"""Questions as people type them, and what they mean by them: the post has to be among the first
three. The posts are those of the demo company, and some more for what it does not write about."""

from __future__ import annotations

import datetime as dt

from flask import Flask

from intranet.accounts.models import Account
from intranet.db import db
from intranet.demo.company import PostPlan, read_company
from intranet.kernel.ids import id_at
from intranet.kernel.text import fold
from intranet.posts.models import Post, Visibility
from intranet.search import queries
from intranet.search.indexing import index
from intranet.search.queries import Order
from intranet.search.resolving import resolve
from intranet.unit_of_work import unit_of_work
from tests.browse import Browser
from tests.factories import Factory

NOW = dt.datetime(2026, 11, 24, 8, 43, tzinfo=dt.UTC)
FIRST = 3
MORE = (
    ("fr", "Visite d’une usine de bogies à Belfort, inscriptions ouvertes"),
    ("fr", "Le dépôt à Orléans ouvre en mars"),
    ("fr", "Atelier de co-création avec les conducteurs"),
    ("fr", "Astreinte du week-end : voir avec le dépôt"),
    ("en", "The weekend shift is full"),
    ("fr", "Il reste 4 300 boulons à contrôler"),
    ("en", "The driver asks for a wider cab step"),
    ("en", "Our drivers' room has a new coffee machine"),
)
# What is typed, and the beginning of what is meant, or some words of it.
JUDGED = {
    # accents, capitals, plurals, order
    "energie recuperee freinage": "Énergie récupérée au freinage",
    "freinage énergie": "Énergie récupérée au freinage",
    "chambres froides montreal": "La chambre froide de Montréal",
    "ESSAIS PLUIES": "essai pluie",
    "pluie essai": "essai pluie",
    "fading brakes": "brake fade",
    "stamp rubber": "rubber stamp",
    "kettle leeds": "one kettle",
    "pleure": "pleurer",
    "ascenseur batiment B": "ascenseur du bâtiment B",
    # small words that the post does not have, or has differently
    "le plan pour l'accès": "plan d'accès",
    "the sheep in the train": "sheep is louder than the train",
    "accord sur la confidentialité": "accord de confidentialité",
    "dans la chambre froide de Montréal": "La chambre froide de Montréal",
    # apostrophes, both signs
    "l'usine": "usine de bogies",
    "l’usine de bogies": "usine de bogies",
    "d'Orléans": "à Orléans",
    "driver's": "The driver asks",
    # hyphens, with and without
    "co-création": "co-création",
    "cocréation": "co-création",
    "week-end": "week-end",
    "weekend astreinte": "Astreinte du week-end",
    "week-end shift": "weekend shift",
    "presque accidents": "resque-accident",
    "presque-accidents": "resque-accident",
    "seven year old": "seven-year-old",
    # numbers
    "72 caisses": "72 caisses",
    "310 °C": "310 °C",
    "3,50 m": "3,50 m",
    "4300 boulons": "4 300 boulons",
    "rame 07": "rame 07",
    # signs
    "#T4": "#T4",
    "@camille": "@camille",
    "@camille planning": "@camille",
}
NAMES = {
    "Mathieux": "mathieu",
    "mathieu kerdoncuf": "mathieu",
    "Kerdoncuff Mathieu": "mathieu",
    "MK": "mathieu",
    "Elène Castaing": "helene",
    "helene castaing": "helene",
    "mathieu@merival.example": "mathieu",
    "marc antoine": "marcantoine",
    "Marc-Antoine Tremblai": "marcantoine",
}


def _write(app: Flask, author: Account) -> None:
    plans: list[PostPlan] = [
        post for root in read_company(NOW).posts for post in (root, *root.replies)
    ]
    said = [(plan.language, plan.text, plan.at) for plan in plans]
    said += [(language, text, NOW - dt.timedelta(days=9)) for language, text in MORE]
    with app.app_context(), unit_of_work():
        posts = [
            Post(
                id=id_at(at) + number,
                author_id=author.id,
                source=text,
                html="<p></p>",
                language=language,
                visibility=Visibility.ORGANISATION,
                search_text=fold(text),
            )
            for number, (language, text, at) in enumerate(said)
        ]
        ids = [post.id for post in posts]
        db.session.add_all(posts)
        db.session.flush()
        index(ids)


def test_what_people_mean_comes_among_the_first(app: Flask, make: Factory) -> None:
    ann = make.account("ann")
    _write(app, ann)
    wrong = []
    with app.app_context():
        for typed, meant in JUDGED.items():
            page = queries.first_page(ann, resolve(ann, typed), Order.BEST, FIRST)
            found = [fold(card.source) for card in page.cards]
            if not any(fold(meant) in text for text in found):
                wrong.append((typed, meant, [text[:60] for text in found]))
    assert wrong == []


def test_who_is_meant_is_found_by_a_name_typed_nearly_right(
    app: Flask, make: Factory, browse: Browser
) -> None:
    people = [
        make.account(
            handle,
            display_name=name,
            email=f"{handle}@merival.example",
            search_text=fold(f"{name} {handle}"),
        )
        for handle, name in (
            ("mathieu", "Mathieu Kerdoncuff"),
            ("helene", "Hélène Castaing"),
            ("marcantoine", "Marc-Antoine Tremblay"),
            ("sofia", "Sofia Lindqvist"),
        )
    ]
    client = browse(people[-1])
    for typed, handle in NAMES.items():
        page = client.get("/search", query_string={"q": typed}).text.partition("<main")[2]
        assert f'href="/@{handle}"' in page, typed
        for other in {one.handle for one in people} - {handle, "sofia"}:
            assert f'href="/@{other}"' not in page, typed
