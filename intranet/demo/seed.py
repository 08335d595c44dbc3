"""Fills an empty database with the demo company, small and written or large and generated."""

from __future__ import annotations

import datetime as dt
import json

from sqlalchemy import select

from intranet import background
from intranet.accounts import passwords
from intranet.accounts.models import Account
from intranet.db import db
from intranet.demo.bulk import Progress
from intranet.demo.company import read_company
from intranet.demo.crowd import Crowd
from intranet.demo.written import write_company
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import Conflict
from intranet.kernel.messages import N_
from intranet.settings import Settings

PASSWORD = "parvis-demo"  # noqa: S105  (meant to be read by everybody who tries the demo)
SIGN_INS = [("camille", "employee"), ("helene", "hr"), ("mathieu", "administrator")]


def _silent(_label: str, _done: int, _total: int) -> None:
    return None


def build(
    scale: str | int = "small",
    seed: int = 1,
    progress: Progress = _silent,
    *,
    settings: Settings,
    now: dt.datetime | None = None,
) -> None:
    """Make the company: "small" (60 people who really wrote something), or so many posts by
    generated people (a hundredth as many of them, 60 to 10,000). The same seed and `now` give the
    same content. Needs an application context; Conflict when there are accounts already."""
    if db.session.scalar(select(Account.id).limit(1)) is not None:
        raise Conflict(N_("There are accounts already: the demo company needs an empty database."))
    db.session.rollback()
    now = now or utc_now()
    password = passwords.prepare(PASSWORD)
    if scale == "small":
        company = read_company(now)
        write_company(company, seed, progress, settings=settings, now=now, password=password)
    else:
        crowd = Crowd(
            int(scale),
            seed=seed,
            now=now,
            password=password,
            sign_ins=SIGN_INS,
            wide_stream=settings.wide_stream,
        )
        crowd.save(progress)
    # Rows that were loaded in bulk told nobody.
    background.reindex(lambda done: progress("search", done, done))
    remember_sign_ins(settings)


def remember_sign_ins(settings: Settings) -> None:
    """Leave word in the data folder: who may sign in, and that nothing is to be sent to anybody."""
    settings.data.mkdir(parents=True, exist_ok=True)
    settings.demo_marker.write_text(json.dumps(SIGN_INS), encoding="utf-8")
