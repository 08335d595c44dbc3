"""MediaAttachment: what `meta` holds depends on the type."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from tests.mastodon.schema.values import Empty, Entity, Filled, Id, Url, left_out

Pixels = Annotated[int, Field(gt=0)]
Size = Annotated[str, StringConstraints(pattern=r"^\d+x\d+$")]
Ratio = Annotated[float, Field(gt=0)]
Seconds = Annotated[float, Field(ge=0)]


class Measures(Entity):
    width: Pixels
    height: Pixels
    size: Size
    aspect: Ratio

    @model_validator(mode="after")
    def agree(self) -> Measures:
        if self.size != f"{self.width}x{self.height}":
            raise ValueError("size is not width x height")
        if abs(self.aspect - self.width / self.height) > 0.001:
            raise ValueError("aspect is not width / height")
        return self


class Focus(Entity):
    x: Annotated[float, Field(ge=-1, le=1)]
    y: Annotated[float, Field(ge=-1, le=1)]


class ImageMeta(Entity):
    original: Measures
    small: Measures
    focus: Focus | None = None


class MovingOriginal(Entity):
    width: Pixels
    height: Pixels
    frame_rate: Filled = left_out()
    duration: Seconds
    bitrate: Pixels = left_out()


class VideoMeta(Entity):
    original: MovingOriginal
    small: Measures = left_out()
    focus: Focus | None = None
    length: Filled = left_out()
    duration: Seconds = left_out()
    fps: Pixels = left_out()
    size: Size = left_out()
    width: Pixels = left_out()
    height: Pixels = left_out()
    aspect: Ratio = left_out()
    audio_encode: str = left_out()
    audio_bitrate: str = left_out()
    audio_channels: str = left_out()


class SoundOriginal(Entity):
    duration: Seconds
    bitrate: Pixels = left_out()


class SoundMeta(Entity):
    original: SoundOriginal
    length: Filled = left_out()
    duration: Seconds = left_out()
    audio_encode: str = left_out()
    audio_bitrate: str = left_out()
    audio_channels: str = left_out()


class _Attachment(Entity):
    id: Id
    url: Url
    preview_url: Url | None
    remote_url: Url | None
    description: str | None
    blurhash: Filled | None
    text_url: None = None  # removed with 3.5; servers go on sending null
    preview_remote_url: Url | None = None  # sent beside what is documented


class Image(_Attachment):
    type: Literal["image"]
    preview_url: Url
    meta: ImageMeta


class Gifv(_Attachment):
    type: Literal["gifv"]
    meta: VideoMeta


class Video(_Attachment):
    type: Literal["video"]
    meta: VideoMeta


class Audio(_Attachment):
    type: Literal["audio"]
    meta: SoundMeta


class PreviewMeta(Entity):
    """Of a file that shows a picture of itself, or none."""

    small: Measures = left_out()
    focus: Focus | None = None


class Unknown(_Attachment):
    """A file that is not to be looked at or listened to."""

    type: Literal["unknown"]
    meta: PreviewMeta


MediaAttachment = Annotated[Image | Gifv | Video | Audio | Unknown, Field(discriminator="type")]


class ProcessingMedia(_Attachment):
    """One that is not ready: the address is still missing."""

    type: Literal["image", "gifv", "video", "audio", "unknown"]
    url: None
    meta: Empty | ImageMeta | VideoMeta | SoundMeta | None = None
