"""What every page of the administration is for; a part of the expectations."""

from __future__ import annotations

from tests.matrix.cases import Case, Kind, form, page

K = Kind
ADMINISTRATION: dict[tuple[str, str], Case] = {
    ("GET", "admin.people"): page(K.ADMINISTRATION, "", "q={word}"),
    ("POST", "admin.deactivate"): form(K.ADMINISTRATION),
    ("POST", "admin.reactivate"): form(K.ADMINISTRATION),
    ("POST", "admin.change_role"): form(K.ADMINISTRATION, role="nonsense"),
    ("GET", "admin.invited"): page(K.ADMINISTRATION),
    ("POST", "admin.invite"): form(
        K.ADMINISTRATION, email="new@example.test", role="guest", group="{slug}"
    ),
    ("POST", "admin.revoke"): form(K.ADMINISTRATION),
    ("GET", "admin.interruptions"): page(K.ADMINISTRATION),
    ("POST", "admin.save_interruptions"): form(K.ADMINISTRATION, pace="daily"),
    ("POST", "admin.name_sender"): form(K.ADMINISTRATION, handle="member"),
    ("POST", "admin.remove_sender"): form(K.ADMINISTRATION),
    ("GET", "admin.mail"): page(K.ADMINISTRATION),
    ("GET", "admin.kept_mail"): page(K.ADMINISTRATION),
    ("POST", "admin.retry_mail"): form(K.ADMINISTRATION),
    ("POST", "admin.try_mail"): form(K.ADMINISTRATION),
    ("GET", "admin.applications"): page(K.ADMINISTRATION, "", "q={word}"),
    ("POST", "admin.approve_application"): form(K.ADMINISTRATION),
    ("POST", "admin.disable_application"): form(K.ADMINISTRATION),
    ("POST", "admin.enable_application"): form(K.ADMINISTRATION),
}  # fmt: skip
