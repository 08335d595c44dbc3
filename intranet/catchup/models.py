"""How far somebody has caught up, and what they find interesting."""

from sqlalchemy import JSON, BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from intranet.accounts.models import Account
from intranet.db import Base


class CatchUp(Base):
    """The marks are ids: what is newer has not been caught up with."""

    __tablename__ = "catch_up"
    account_id: Mapped[int] = mapped_column(
        ForeignKey(Account.id, ondelete="CASCADE"), primary_key=True
    )
    seen_until: Mapped[int] = mapped_column(BigInteger, default=0)
    before_that: Mapped[int | None] = mapped_column(BigInteger)  # for taking the last one back
    put_away_until: Mapped[int] = mapped_column(BigInteger, default=0)  # the band on the home page
    # {feature: 0..10}; what is not named has its usual weight.
    weights: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
