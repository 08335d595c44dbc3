"""Hands pictures to the decoder program and reads what came of them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from intranet.kernel.errors import Invalid, TooLarge
from intranet.kernel.messages import N_

_DECODER = Path(__file__).with_name("decoder.py")
_SECONDS = 45

SMALL_SIDE = 640  # longest side of the small picture, in pixels
POST_VARIANTS: Mapping[str, Mapping[str, Any]] = {
    "original": {"side": None},
    "large": {"side": 1280},
    "small": {"side": SMALL_SIDE},
}
AVATAR_VARIANTS: Mapping[str, Mapping[str, Any]] = {
    "large": {"side": 256, "square": True},
    "small": {"side": 96, "square": True},
}
HEADER_VARIANTS: Mapping[str, Mapping[str, Any]] = {
    "large": {"side": 1500, "height": 500},
    "small": {"side": 600, "height": 200},
}
PREVIEW_VARIANTS: Mapping[str, Mapping[str, Any]] = {"small": {"side": SMALL_SIDE}}
_REASONS = {
    "format": N_("This is not a picture that can be shown. JPEG, PNG, GIF, WebP and AVIF work."),
    "damaged": N_("This picture is damaged and cannot be read."),
    "pixels": N_("This picture has too many pixels."),
    "frames": N_("This animation has too many frames."),
}


@dataclass(frozen=True, slots=True)
class Picture:
    """What the decoder found: the upright size in pixels, the type of the re-encoded original,
    a blurhash (https://blurha.sh) of 4 x 3 components."""

    width: int
    height: int
    content_type: str
    blurhash: str


def re_encode(
    source: Path, folder: Path, *, variants: Mapping[str, Mapping[str, Any]], max_pixels: int
) -> Picture:
    """Write the variants into `folder`. Invalid or TooLarge when the picture cannot be taken."""
    job = {
        "source": str(source),
        "folder": str(folder),
        "variants": {name: dict(variant) for name, variant in variants.items()},
        "max_pixels": max_pixels,
    }
    try:
        done = subprocess.run(  # noqa: S603  (our own program, no shell)
            [sys.executable, "-I", str(_DECODER), json.dumps(job)],
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
        outcome = json.loads(done.stdout) if done.returncode == 0 else {"refused": "damaged"}
    except (subprocess.TimeoutExpired, ValueError):
        outcome = {"refused": "damaged"}
    reason = outcome.get("refused")
    if reason is not None:
        error = TooLarge if reason in ("pixels", "frames") else Invalid
        raise error(_REASONS[reason], fields={"files": _REASONS[reason]})
    return Picture(**outcome)
