"""What tests of the interface share with those of what it shows."""

from tests.announcements.conftest import room
from tests.calendar.conftest import arrange
from tests.mastodon.conftest import call

__all__ = ["arrange", "call", "room"]
