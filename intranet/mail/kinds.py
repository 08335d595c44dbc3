"""The letters that this package asks for itself; every kind is written by a function of the
letters package."""

INVITATION = "accounts.invitation"
PASSWORD_RESET = "accounts.password_reset"  # noqa: S105  (the name of a letter)
PASSWORD_CHANGED = "accounts.password_changed"  # noqa: S105  (the name of a letter)
TRIAL = "mail.trial"
MAILED_REPLY = "mail.mailed_reply"  # given back to who answered by mail
