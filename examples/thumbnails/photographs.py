"""Create a thumbnail and return properties of the photograph, without calling AWS services."""

import hashlib
import io
from typing import Any

from PIL import Image, ImageOps

LARGEST_SIDE = 320


def thumbnail(
    photograph: bytes, *, largest_side: int = LARGEST_SIDE, grey: bool = False
) -> tuple[bytes, dict[str, Any]]:
    """Return a JPEG whose sides are at most `largest_side` pixels, and properties of the original photograph."""
    with Image.open(io.BytesIO(photograph)) as image:
        upright = ImageOps.exif_transpose(image).convert("L" if grey else "RGB")
        small = upright.copy()
        small.thumbnail((largest_side, largest_side))
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=85)
    facts = {
        "width": upright.width,
        "height": upright.height,
        "bytes": len(photograph),
        "colour": _average_colour(small),
        "thumbnail_sha256": hashlib.sha256(buffer.getvalue()).hexdigest(),
    }
    return buffer.getvalue(), facts


def _average_colour(image: Image.Image) -> str:
    red, green, blue = image.convert("RGB").resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    return f"#{red:02x}{green:02x}{blue:02x}"
