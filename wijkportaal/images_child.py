"""Decode one photo, apart from the site: run by `wijkportaal.images` as a program of its own, never imported by it.

Reads the uploaded bytes from standard input. Writes one line of JSON to standard output, and after it the bytes of the new
photo and of its thumbnail: `{"photo": [bytes, width, height], "thumbnail": [bytes, width, height]}`; or only a line
`{"refused": "format" | "pixels" | "damaged" | "heavy"}`. Whatever a hostile file does to the decoders happens here, with
little memory, little time, no files to write and no environment to read. No Django: starting must be quick.
"""

import io
import json
import resource
import sys
import warnings
from contextlib import suppress

MAX_PIXELS = 60_000_000
MAX_SIDE = 1600
THUMBNAIL_SIDE = 480
QUALITY = 82
LIMITS = {
    "RLIMIT_AS": 768 * 1024**2,  # bytes; 60 megapixels with transparency need about 500 MB
    "RLIMIT_CPU": 12,  # seconds
    "RLIMIT_FSIZE": 0,  # may write to the pipe, not to a file
    "RLIMIT_CORE": 0,
    "RLIMIT_NOFILE": 64,
}


def main():
    for name, limit in LIMITS.items():
        with suppress(ValueError, OSError):  # macOS knows no RLIMIT_AS; the time limits still hold there
            resource.setrlimit(getattr(resource, name), (limit, limit))
    try:
        photo, thumbnail = _process(sys.stdin.buffer.read())
    except Refused as refusal:
        _write({"refused": str(refusal)})
        return
    except MemoryError:
        _write({"refused": "heavy"})
        return
    _write({"photo": photo[1:], "thumbnail": thumbnail[1:]}, photo[0], thumbnail[0])


class Refused(Exception):
    """An answer rather than an error: says why in the words of the protocol above."""


def _process(data):
    from PIL import Image  # after the limits: what it imports counts too

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP"))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Refused("pixels") from None
    except Image.UnidentifiedImageError:
        raise Refused("format") from None
    except MemoryError:
        raise
    except Exception:  # a decoder fed nonsense may raise anything
        raise Refused("damaged") from None
    try:
        image = _upright_and_small(image)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Refused("pixels") from None
    except MemoryError:
        raise
    except Exception:
        raise Refused("damaged") from None
    thumbnail = image.copy()
    thumbnail.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return _encode(image), _encode(thumbnail)


def _upright_and_small(image):
    """In: an opened image. Out: RGB pixels alone: upright, at most MAX_SIDE on its longest side, without metadata."""
    from PIL import Image

    scale = min(1, MAX_SIDE / max(image.size))
    # Lets libjpeg decode at 1/2, 1/4 or 1/8, never below the size we want.
    image.draft("RGB", (max(1, round(image.width * scale)), max(1, round(image.height * scale))))
    image.load()
    orientation = _orientation(image)
    profile = image.info.get("icc_profile")

    if image.mode.startswith("I"):  # 16 bits a pixel: convert() would clip to white instead of scaling
        image = image.point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        image = image if image.mode == "RGBA" else image.convert("RGBA")
        if factor := max(image.size) // (2 * MAX_SIDE):
            image = image.reduce(factor + 1)
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        image = ground
    elif image.mode == "P":
        image = image.convert("RGB")
    image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    if profile:
        image = _in_srgb(image, profile)
    image = image.convert("RGB")

    turn = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }.get(orientation)
    if turn is not None:
        image = image.transpose(turn)
    image.info = {}  # the JPEG writer copies a comment it finds here
    return image


def _orientation(image):
    try:
        return image.getexif().get(0x0112, 1)
    except MemoryError:
        raise
    except Exception:  # a broken EXIF block is no reason to refuse a good photo
        return 1


def _in_srgb(image, profile):
    """Phones record a wider range of colours; without the profile, which is metadata too, these would look dull."""
    from PIL import ImageCms

    try:
        return ImageCms.profileToProfile(
            image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except MemoryError:
        raise
    except Exception:  # a broken or unfit profile: the colours as they are
        return image


def _encode(image):
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue(), image.width, image.height


def _write(answer, *blobs):
    if blobs:
        answer = {key: [len(blob), *size] for (key, size), blob in zip(answer.items(), blobs, strict=True)}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + b"".join(blobs))


if __name__ == "__main__":
    main()
