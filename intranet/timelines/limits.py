"""How far fan-out goes. The composition root sets it once from the settings."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Limits:
    """`wide_stream`: subscribers above which posts are pulled; `home_kept`: entries of a home."""

    wide_stream: int = 500
    home_kept: int = 800

    @property
    def narrow_again(self) -> int:
        """A wide stream becomes narrow only well below the threshold, or one that stands at it
        would be settled anew with everybody who comes and goes."""
        return self.wide_stream * 4 // 5


limits = Limits()


def configure(*, wide_stream: int, home_kept: int) -> None:
    """Set the limits of this process."""
    limits.wide_stream = wide_stream
    limits.home_kept = home_kept
