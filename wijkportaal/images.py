"""Photos from strangers: what comes in is never what goes out.

Only JPEG, PNG and WebP by content, decoded in a child process with little memory and little time, and written anew without
any metadata (a phone notes where the photo was taken). Django's own ImageField would also accept EPS, TIFF, PCX and
TGA under the name photo.png, and a PNG of 17 kB that unpacks to 144 megapixels.
"""

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MAX_UPLOAD_BYTES = 10 * 1024 * 1024
TIMEOUT_SECONDS = 20

_CHILD = str(Path(__file__).with_name("images_child.py"))
# Each child may use a good part of a gigabyte: in one server process never more than two at once.
_slots = threading.BoundedSemaphore(2)
_WAIT_SECONDS = 30

_EMPTY = _("This file is empty. Choose a photo.")
_TOO_LARGE = _("This photo is too large. Choose a photo of at most 10 MB.")
_FORMAT = _("This file is not a photo that we can use. Choose a JPEG, PNG or WebP file.")
_HEIC = _("This photo is a HEIC file. We cannot use that. Save the photo as JPEG first.")
_PIXELS = _("This photo has too many pixels. Choose a smaller photo.")
_DAMAGED = _("This photo is damaged. We cannot read it. Choose another photo.")
_HEAVY = _("We could not process this photo. Choose another or a smaller photo.")
_BUSY = _("It is very busy now. Send the photo again in a minute.")
_REFUSALS = {"format": _FORMAT, "pixels": _PIXELS, "damaged": _DAMAGED, "heavy": _HEAVY}


@dataclass(frozen=True, slots=True)
class SafePhoto:
    """A photo that this site wrote itself: JPEG bytes without metadata, sizes in pixels."""

    data: bytes
    width: int
    height: int
    format: str
    thumbnail: bytes
    thumbnail_width: int
    thumbnail_height: int


def read_photo(uploaded_file):
    """Turn an uploaded file into a photo that is safe to keep and to show.

    In: a Django UploadedFile, or any binary file at its beginning, of at most 10 MB; JPEG, PNG or WebP of at most
    60 megapixels, of which the first frame is used. Its name and its declared content type are not looked at.

    Out: a SafePhoto: JPEG, upright, sRGB, at most 1600 pixels on its longest side, transparent parts white, without
    metadata; and a thumbnail of at most 480 pixels. Smaller photos are not enlarged.

    Raises ValidationError with a message for the person who sent it and one of the codes `empty`, `too_large`,
    `format`, `heic`, `pixels`, `damaged`, `heavy` (took too much time or memory) or `busy` (try again).
    """
    if (getattr(uploaded_file, "size", None) or 0) > MAX_UPLOAD_BYTES:
        raise ValidationError(_TOO_LARGE, code="too_large")
    uploaded_file.seek(0)
    data = uploaded_file.read(MAX_UPLOAD_BYTES + 1)
    if not data:
        raise ValidationError(_EMPTY, code="empty")
    if len(data) > MAX_UPLOAD_BYTES:
        raise ValidationError(_TOO_LARGE, code="too_large")
    if data[4:8] == b"ftyp" and data[8:11] in (b"hei", b"hev", b"mif", b"msf"):
        raise ValidationError(_HEIC, code="heic")
    if not data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) and (data[:4], data[8:12]) != (b"RIFF", b"WEBP"):
        raise ValidationError(_FORMAT, code="format")
    return _photo_from(_run_child(data))


def _run_child(data):
    if not _slots.acquire(timeout=_WAIT_SECONDS):
        raise ValidationError(_BUSY, code="busy")
    try:
        child = subprocess.run(
            [sys.executable, "-I", _CHILD],
            input=data,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ValidationError(_HEAVY, code="heavy") from None
    finally:
        _slots.release()
    if child.returncode:  # out of time, or a decoder that crashed
        raise ValidationError(_HEAVY, code="heavy")
    return child.stdout


def _photo_from(output):
    """Take the child's answer apart; a child that a hostile file took over may have written anything."""
    line, _newline, blobs = output.partition(b"\n")
    try:
        answer = json.loads(line)
        if "refused" in answer:
            raise ValidationError(_REFUSALS[answer["refused"]], code=answer["refused"])
        (size, width, height), (thumbnail_size, thumbnail_width, thumbnail_height) = (
            answer["photo"],
            answer["thumbnail"],
        )
        data, thumbnail = blobs[:size], blobs[size:]
        if len(thumbnail) != thumbnail_size or not all(blob.startswith(b"\xff\xd8\xff") for blob in (data, thumbnail)):
            raise ValueError("not what images_child writes")
        photo = SafePhoto(data, width, height, "JPEG", thumbnail, thumbnail_width, thumbnail_height)
    except (ValueError, KeyError, TypeError):
        raise ValidationError(_HEAVY, code="heavy") from None
    return photo
