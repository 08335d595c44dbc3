"""Errors the domain may raise. Only doors know how to draw them."""

from collections.abc import Mapping

from intranet.kernel.messages import N_


class DomainError(Exception):
    """A refusal in words. `message` is a marked English sentence with %(name)s places
    filled from `params` after translation; `fields` maps a form field to its own sentence."""

    code = "error"
    status = 400
    default = N_("That did not work.")

    def __init__(
        self,
        message: str = "",
        *,
        fields: Mapping[str, str] | None = None,
        **params: object,
    ) -> None:
        self.message = message or self.default
        self.fields = dict(fields or {})
        self.params = params
        super().__init__(self.message % params if params else self.message)


class NotFound(DomainError):
    """Does not exist, or the viewer may not know that it does: the two look the same."""

    code, status = "not_found", 404
    default = N_("There is nothing here, or it is not for you to see.")


class Forbidden(DomainError):
    """The viewer may know of it, but may not do this."""

    code, status = "forbidden", 403
    default = N_("You may not do that.")


class Invalid(DomainError):
    """The input cannot be taken; `fields` says which and why."""

    code, status = "invalid", 422
    default = N_("Some of what you entered cannot be taken.")


class Conflict(DomainError):
    """The thing has changed, or is already there."""

    code, status = "conflict", 409
    default = N_("Somebody changed this meanwhile.")


class TooLarge(DomainError):
    """More bytes, pixels or pieces than the settings allow."""

    code, status = "too_large", 413
    default = N_("That is too large.")


class TooMany(DomainError):
    """Too often in a short time."""

    code, status = "too_many", 429
    default = N_("That was a bit fast. Please wait a moment and try again.")
