"""Answers to letters about posts: published as replies of who received the letter."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import logging
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Any

from sqlalchemy import func, select

from intranet.accounts.models import Account
from intranet.db import db
from intranet.db.once import insert_once
from intranet.kernel.clock import utc_now
from intranet.kernel.errors import DomainError, Invalid, NotFound, TooLarge
from intranet.kernel.ids import new_id
from intranet.kernel.messages import N_
from intranet.letters.addresses import settings_here
from intranet.mail import reply_addresses
from intranet.mail.actions import enqueue_mail
from intranet.mail.kinds import MAILED_REPLY
from intranet.mail.models import MailedReply
from intranet.mail.reply_addresses import Addressed
from intranet.mailbox import answers
from intranet.media import actions as media
from intranet.media import uploads
from intranet.media.storage import Storage
from intranet.media.uploads import StoredUpload, UploadLimits
from intranet.posts import actions as posts
from intranet.posts.drafts import PostDraft, limits_of
from intranet.posts.queries import get_visible
from intranet.settings import Settings
from intranet.unit_of_work import unit_of_work

log = logging.getLogger(__name__)

_ADDRESSED = ("Delivered-To", "X-Original-To", "To", "Cc")
_MOST_AN_HOUR = 60  # of one person; further ones are given back
_KEPT_TEXT = 20_000


def take(message: EmailMessage) -> bool:
    """Publish what was written under the post that the address is signed for, as the person it is
    signed for and with what that person may do now. Only from that person's own address: anything
    else is nobody's. What may not be published goes back in a letter; what a program wrote, and
    what was taken before, is taken and does nothing."""
    settings = settings_here()
    found = next(_tokens(message, settings), None)
    if found is None:
        return False
    token, addressed = found
    account = db.session.get(Account, addressed.account_id)
    if account is None or not account.is_active or not account.email:
        return False
    if answers.senders_of(message) != [account.email.lower()]:
        log.warning("an answer by mail came from another address than its account's")
        return False
    if not answers.is_vouched_for(message, settings.mail_authserv):
        log.warning("an answer by mail is not vouched for by our own mail server")
        return False
    if answers.is_automatic(message, settings.mail_from):
        return True
    digest = _digest(token, message)
    if db.session.scalar(select(MailedReply.id).where(MailedReply.digest == digest)) is not None:
        return True
    text = answers.words_of(message)
    kept: list[StoredUpload] = []
    try:
        _require_good(account, addressed)
        kept, dropped = _store(message, settings)
        if not text and not kept:
            raise Invalid(N_("There was nothing in it but what it quotes."))
        _publish(account, addressed, digest, text, kept, dropped, settings)
    except DomainError as error:
        for file in kept:  # no row knows of them
            Storage(settings.data / "media").delete(file.key)
        _give_back(account, digest, text, error)
    return True


def _tokens(message: EmailMessage, settings: Settings) -> Iterator[tuple[str, Addressed]]:
    """What stands behind the plus in our own address, if we have signed it for a post."""
    own, _at, domain = settings.mail_from.rpartition("@")
    headers = [str(one) for name in _ADDRESSED for one in message.get_all(name, [])]
    for _name, address in getaddresses(headers):
        local, _at, host = address.lower().rpartition("@")
        name, _plus, token = local.partition("+")
        if host == domain.lower() and name == own.lower() and token:
            try:
                yield token, reply_addresses.read_token(settings.secret_key, token)
            except NotFound:
                continue


def _digest(token: str, message: EmailMessage) -> str:
    """The same for every copy of the same letter."""
    known = str(message.get("Message-ID", "")).strip() or message.as_bytes().hex()
    return hashlib.sha256(f"{token}\0{known}".encode()).hexdigest()


def _require_good(account: Account, addressed: Addressed) -> None:
    now = utc_now()
    if now.date() > addressed.last_day:
        raise Invalid(N_("The letter that you answered is too old for that. Please reply there."))
    lately = select(func.count()).where(
        MailedReply.account_id == account.id,
        MailedReply.created_at > now - dt.timedelta(hours=1),
    )
    if (db.session.scalar(lately) or 0) >= _MOST_AN_HOUR:
        raise Invalid(N_("That was a lot at once. Please try again later."))
    get_visible(account, addressed.post_id)


def _store(message: EmailMessage, settings: Settings) -> tuple[list[StoredUpload], list[str]]:
    """The files that are taken, and the names of those that are not."""
    kept: list[StoredUpload] = []
    dropped: list[str] = []
    storage = Storage(settings.data / "media")
    limits = UploadLimits(
        settings.upload_max_bytes, settings.image_max_pixels, settings.upload_macros
    )
    for name, content in answers.files_of(message):
        if len(kept) >= settings.max_attachments:
            dropped.append(uploads.clean_file_name(name))
            continue
        try:
            kept.append(uploads.take(io.BytesIO(content), name, storage=storage, limits=limits))
        except (Invalid, TooLarge):
            dropped.append(uploads.clean_file_name(name))
    return kept, dropped


def _publish(
    account: Account,
    addressed: Addressed,
    digest: str,
    text: str,
    kept: list[StoredUpload],
    dropped: list[str],
    settings: Settings,
) -> None:
    with unit_of_work():
        parent = get_visible(account, addressed.post_id)
        row_id = new_id()
        if not insert_once(
            MailedReply,
            id=row_id,
            account_id=account.id,
            digest=digest,
            dropped=dropped,
            text=text[:_KEPT_TEXT] if dropped else "",
        ):
            return
        draft = PostDraft(
            source=text,
            in_reply_to_id=parent.id,
            media_ids=tuple(media.add(account, one).id for one in kept),
            idempotency_key=digest,
        )
        post = posts.publish(account, draft, limits_of(settings))
        db.session.get_one(MailedReply, row_id).post_id = post.id
        if dropped:
            _write_to(account, row_id)


def _give_back(account: Account, digest: str, text: str, error: DomainError) -> None:
    reason = error.message if not error.fields else next(iter(error.fields.values()))
    if isinstance(error, NotFound):
        reason = N_("What you answered is no longer there, or no longer for you.")
    params: dict[str, Any] = {
        name: value if isinstance(value, (int, float)) else str(value)
        for name, value in error.params.items()
    }
    with unit_of_work():
        row_id = new_id()
        made = insert_once(
            MailedReply,
            id=row_id,
            account_id=account.id,
            digest=digest,
            reason=reason[:200],
            params=params,
            text=text[:_KEPT_TEXT],
        )
        if made:
            _write_to(account, row_id)


def _write_to(account: Account, row_id: int) -> None:
    enqueue_mail(MAILED_REPLY, {"reply": row_id}, to=account, key=f"mailed reply {row_id}")
