"""Answers load balancers and the set-up script."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from intranet.db import db

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def show() -> ResponseReturnValue:
    """200 `ok` when the database answers; the error page for a database that is down otherwise."""
    db.session.execute(text("SELECT 1"))
    return "ok", 200, {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}
