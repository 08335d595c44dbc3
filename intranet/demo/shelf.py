"""The company's pictures and files: drawn and re-encoded before the transaction begins, handed
out to their posts within it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from intranet.accounts.models import Account
from intranet.accounts.profile import set_avatar
from intranet.demo import pictures
from intranet.demo.bulk import Progress
from intranet.demo.company import Company, PostPlan
from intranet.demo.papers import paper
from intranet.kernel.offload import run_offloaded
from intranet.media import actions as media
from intranet.media.decoder import process
from intranet.media.images import AVATAR_VARIANTS, POST_VARIANTS, Picture
from intranet.media.models import MediaKind
from intranet.media.storage import Storage
from intranet.media.uploads import StoredUpload, UploadLimits, take
from intranet.settings import Settings

_WORKERS = 2


@dataclass(frozen=True, slots=True)
class Shelf:
    """Stored uploads: portraits by handle, pictures by what they show, files by name."""

    portraits: dict[str, str]
    pictures: dict[tuple[str, str], StoredUpload]  # (kind, alternative text)
    papers: dict[str, StoredUpload]

    @classmethod
    @contextmanager
    def stocked(cls, company: Company, settings: Settings, progress: Progress) -> Iterator[Shelf]:
        """A full shelf; when the block fails what was stored is removed again."""
        storage = Storage(settings.data / "media")
        faces = [(one.handle, one.portrait) for one in company.people if one.portrait]
        images = [image for plan in company.posts for image in plan.images]
        files = [file for plan in company.posts for file in plan.files]
        total, done = len(faces) + len(images) + len(files), 0
        shelf = cls({}, {}, {})

        def count() -> None:
            nonlocal done
            done += 1
            progress("pictures", done, total)

        def face(row: tuple[str, str]) -> tuple[str, str]:
            return row[0], run_offloaded(_portrait, row[0], row[1], storage, settings)

        def image(shown: tuple[str, str]) -> tuple[tuple[str, str], StoredUpload]:
            return shown, run_offloaded(_picture, *shown, storage, settings)

        try:
            with ThreadPoolExecutor(_WORKERS) as workers:
                for handle, key in workers.map(face, faces):
                    shelf.portraits[handle] = key
                    count()
                for shown, upload in workers.map(image, images):
                    shelf.pictures[shown] = upload
                    count()
            for name, content in files:
                limits = UploadLimits(settings.upload_max_bytes, settings.image_max_pixels)
                written = io.BytesIO(paper(name, content))
                shelf.papers[name] = take(written, name, storage=storage, limits=limits)
                count()
            yield shelf
        except BaseException:
            uploads = [*shelf.pictures.values(), *shelf.papers.values()]
            for key in (*shelf.portraits.values(), *(upload.key for upload in uploads)):
                storage.delete(key)
            raise

    def hang_portraits(self, accounts: dict[str, Account]) -> None:
        """Give the people their faces."""
        for handle, key in self.portraits.items():
            set_avatar(accounts[handle], key)

    def hand_out(self, author: Account, plan: PostPlan) -> Iterator[int]:
        """The ids of a post's attachments, made now."""
        for kind, description in plan.images:
            upload = self.pictures[kind, description]
            yield media.add(author, upload, alt_text=description).id
        for name, _ in plan.files:
            yield media.add(author, self.papers[name]).id


def _portrait(handle: str, traits: str, storage: Storage, settings: Settings) -> str:
    with storage.filling() as (key, folder):
        _re_encode(pictures.portrait(traits, handle), folder, AVATAR_VARIANTS, settings)
        return key


def _picture(kind: str, description: str, storage: Storage, settings: Settings) -> StoredUpload:
    with storage.filling() as (key, folder):
        drawn = pictures.draw(kind, description)
        picture = _re_encode(drawn, folder, POST_VARIANTS, settings)
        size = (folder / "original").stat().st_size
        return StoredUpload(
            key, MediaKind.IMAGE, f"{kind}.png", picture.content_type, size, picture
        )


def _re_encode(
    drawn: bytes, folder: Path, variants: Mapping[str, Mapping[str, Any]], settings: Settings
) -> Picture:
    """As `media.images.re_encode`, but in this process: these bytes are our own, and starting
    the decoder for each of them would take longer than all the rest."""
    incoming = folder / "incoming"
    incoming.write_bytes(drawn)
    outcome = process(
        {
            "source": str(incoming),
            "folder": str(folder),
            "variants": {name: dict(variant) for name, variant in variants.items()},
            "max_pixels": settings.image_max_pixels,
        }
    )
    incoming.unlink()
    return Picture(**outcome)
