"""Photos from strangers: only pictures come in, only our own pictures go out, and nothing can hurt the site."""

import io
import json
import os
import struct
import subprocess
import sys
import threading
import zlib
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from wijkportaal import images
from wijkportaal.images import read_photo

CHILD = Path(images.__file__).with_name("images_child.py")


def upload(data, name="photo.png", content_type="image/png"):
    return SimpleUploadedFile(name, data, content_type)


def picture(fmt, size=(60, 40), mode="RGB", color=None, **options):
    out = io.BytesIO()
    Image.new(mode, size, color or 0).save(out, fmt, **options)
    return out.getvalue()


def opened(data):
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def refusal_of(data):
    with pytest.raises(ValidationError) as refusal:
        read_photo(upload(data))
    assert str(refusal.value.message)
    return refusal.value.code


def png_that_says(width, height, bit_depth=1, color_type=0, rows=b""):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, bit_depth, color_type, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("fmt", "mode", "options"),
    [
        ("JPEG", "RGB", {}),
        ("JPEG", "L", {}),
        ("JPEG", "CMYK", {}),
        ("PNG", "RGB", {}),
        ("PNG", "RGBA", {}),
        ("PNG", "LA", {}),
        ("PNG", "P", {}),
        ("PNG", "P", {"transparency": 0}),
        ("PNG", "1", {}),
        ("PNG", "I;16", {}),
        ("WEBP", "RGB", {}),
        ("WEBP", "RGBA", {"lossless": True}),
    ],
)
def test_each_kind_of_jpeg_png_and_webp_becomes_a_jpeg(fmt, mode, options):
    photo = read_photo(upload(picture(fmt, mode=mode, **options)))
    for data, width, height in (
        (photo.data, photo.width, photo.height),
        (photo.thumbnail, photo.thumbnail_width, photo.thumbnail_height),
    ):
        image = opened(data)
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (width, height)) == ("JPEG", "RGB", (60, 40))
    assert photo.format == "JPEG"


@pytest.mark.parametrize(("size", "photo_size", "thumbnail_size"), [
    ((4000, 3000), (1600, 1200), (480, 360)),
    ((3000, 4000), (1200, 1600), (360, 480)),
    ((1601, 10), (1600, 10), (480, 3)),
    ((5000, 1), (1600, 1), (480, 1)),
    ((1, 1), (1, 1), (1, 1)),
])  # fmt: skip
@pytest.mark.parametrize("fmt", ["JPEG", "PNG"])
def test_large_photos_become_smaller_and_small_ones_stay(fmt, size, photo_size, thumbnail_size):
    photo = read_photo(upload(picture(fmt, size)))
    assert (photo.width, photo.height) == photo_size
    assert (photo.thumbnail_width, photo.thumbnail_height) == thumbnail_size


@pytest.mark.parametrize("fmt", ["EPS", "TIFF", "PCX", "TGA", "GIF", "BMP", "PPM", "ICO"])
def test_other_picture_formats_are_refused_whatever_their_name(fmt):
    assert refusal_of(picture(fmt)) == "format"


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        b"PK\x03\x04",
        b"\x00" * 100,
        b"RIFF\x00\x00\x00\x00WAVE",
        b"no picture at all",
    ],
)
def test_what_is_no_picture_is_refused_whatever_its_name(data):
    assert refusal_of(data) == "format"


def test_a_phone_with_heic_is_told_what_to_do():
    assert refusal_of(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic") == "heic"


def test_an_empty_file_and_a_file_over_ten_megabytes_are_refused(monkeypatch):
    monkeypatch.setattr(images, "_run_child", lambda data: pytest.fail("too large to look at"))
    assert refusal_of(b"") == "empty"
    too_much = picture("PNG") + b"\x00" * images.MAX_UPLOAD_BYTES
    assert refusal_of(too_much) == "too_large"
    with pytest.raises(ValidationError) as refusal:
        read_photo(io.BytesIO(too_much))  # a file that does not tell its size
    assert refusal.value.code == "too_large"


@pytest.mark.parametrize("fmt", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_photo_that_broke_off_is_refused(fmt, part):
    out = io.BytesIO()
    Image.effect_noise((300, 200), 80).save(out, fmt)
    whole = out.getvalue()
    assert read_photo(upload(whole)).width == 300
    assert refusal_of(whole[: int(len(whole) * part)]) in {"damaged", "format"}


def test_html_inside_a_picture_does_not_survive():
    script = b"<script>alert(document.domain)</script>"
    out = io.BytesIO()
    Image.new("RGB", (60, 40)).save(out, "JPEG", comment=script)
    polyglot = out.getvalue() + b"<!doctype html>" + script
    assert polyglot.count(script) == 2
    photo = read_photo(upload(polyglot, "photo.html", "text/html"))
    assert b"<script" not in photo.data + photo.thumbnail
    assert b"<!doctype" not in photo.data + photo.thumbnail


@pytest.mark.parametrize("fmt", ["JPEG", "PNG", "WEBP"])
def test_where_and_with_what_the_photo_was_taken_is_gone(fmt):
    exif = Image.Exif()
    exif[0x010F] = "CanaryPhone"
    exif[0x9286] = "canary comment"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 15.0, 1.5), 3: "E", 4: (6.0, 9.0, 2.5)})
    whole = picture(fmt, exif=exif.tobytes(), xmp=b"<x:xmpmeta>canary</x:xmpmeta>")
    assert opened(whole).getexif().get_ifd(0x8825)[1] == "N"
    photo = read_photo(upload(whole))
    for data in (photo.data, photo.thumbnail):
        image = opened(data)
        assert dict(image.getexif()) == {}
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
        assert b"canary" not in data.lower()
        assert b"Exif" not in data


@pytest.mark.parametrize(("fmt", "orientation"), [*(("JPEG", way) for way in range(1, 9)), ("PNG", 6), ("WEBP", 8)])
def test_a_photo_is_shown_upright_however_the_phone_was_held(fmt, orientation):
    upright = Image.new("RGB", (64, 32), "white")
    upright.paste("red", (0, 0, 16, 16))  # top left
    stored = {
        1: upright,
        2: upright.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        3: upright.transpose(Image.Transpose.ROTATE_180),
        4: upright.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
        5: upright.transpose(Image.Transpose.TRANSPOSE),
        6: upright.transpose(Image.Transpose.ROTATE_90),
        7: upright.transpose(Image.Transpose.TRANSVERSE),
        8: upright.transpose(Image.Transpose.ROTATE_270),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    stored.save(out, fmt, exif=exif.tobytes())
    image = opened(read_photo(upload(out.getvalue())).data)
    assert image.size == (64, 32)
    red, green, _blue = image.getpixel((8, 8))
    assert red > 200 > 60 > green
    assert min(image.getpixel((56, 24))) > 200


def test_a_broken_exif_block_is_no_reason_to_refuse():
    assert read_photo(upload(picture("JPEG", exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xff" + b"\xff" * 40))).width == 60


def test_see_through_parts_become_white_and_16_bit_greys_stay_grey():
    assert min(opened(read_photo(upload(picture("PNG", mode="RGBA", color=(0, 0, 0, 0)))).data).getpixel((9, 9))) > 250
    grey = opened(read_photo(upload(picture("PNG", mode="I;16", color=0x8000))).data).getpixel((9, 9))
    assert all(120 < value < 136 for value in grey)


def test_a_photo_with_a_second_picture_inside_gives_the_first():
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(out, "MPO", save_all=True, append_images=[Image.new("RGB", (9, 9), "blue")])
    photo = read_photo(upload(out.getvalue()))
    assert (photo.width, photo.height) == (60, 40)
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(out, "WEBP", save_all=True, append_images=[Image.new("RGB", (60, 40))] * 5)
    assert opened(read_photo(upload(out.getvalue())).data).getpixel((9, 9))[0] > 200


# --- Bombs -----------------------------------------------------------------------------------------------------------

BOMB = png_that_says(12_000, 12_000, 8, 2, b"\x00" * 12_000 * 36_001)


def run_child(data, source=None):
    """Run the child as the site does. Out: its answer, and the most memory it used in bytes."""
    # A small program in between: a process begins its life counting the memory of the one that started it.
    program = (
        "import os, sys; child = os.spawnv(os.P_NOWAIT, sys.executable, [sys.executable, '-I', *sys.argv[1:]]);"
        "_, status, usage = os.wait4(child, 0); print(status, usage.ru_maxrss, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", program, *(["-c", source] if source else [str(CHILD)])],
        input=data,
        capture_output=True,
        check=True,
    )
    status, used = map(int, done.stderr.split()[-2:])
    assert status == 0
    return json.loads(done.stdout.partition(b"\n")[0]), used * 1024


def test_a_small_file_with_very_many_pixels_is_refused_before_it_is_unpacked():
    assert len(BOMB) < 500_000
    assert refusal_of(BOMB) == "pixels"
    answer, used = run_child(BOMB)
    assert answer == {"refused": "pixels"}
    assert used < 100_000_000


def test_without_the_pixel_limit_the_bomb_would_go_off():
    source = CHILD.read_text().replace("MAX_PIXELS = 60_000_000", "MAX_PIXELS = 10**9")
    answer, used = run_child(BOMB, source)
    assert "photo" in answer
    assert used > 400_000_000


def test_the_memory_limit_ends_a_decoder_that_wants_too_much():
    source = CHILD.read_text().replace("768 * 1024**2", "200 * 1024**2")
    assert source != CHILD.read_text()
    assert run_child(picture("PNG", (7_000, 7_000), "RGBA"), source)[0] == {"refused": "heavy"}


def test_the_largest_photo_allowed_fits_in_the_memory_limit():
    photo = read_photo(upload(picture("PNG", (10_000, 6_000), "RGBA")))
    assert (photo.width, photo.height) == (1600, 960)
    assert refusal_of(picture("PNG", (10_000, 6_001), "1")) == "pixels"


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads memory use from /proc")
def test_the_memory_of_the_site_stays_flat_under_many_bombs():
    def resident():
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")

    refusal_of(BOMB)
    before = resident()
    for _ in range(20):
        assert refusal_of(BOMB) == "pixels"
    assert resident() - before < 20_000_000


@pytest.mark.parametrize("size", [(2**31 - 1, 2**31 - 1), (2**32 - 1, 1), (0, 0), (0, 5), (60_000, 60_000)])
def test_sizes_that_cannot_be_are_refused(size):
    assert refusal_of(png_that_says(*size)) in {"pixels", "damaged", "format"}


def test_a_jpeg_that_lies_about_its_size_is_refused():
    whole = bytearray(picture("JPEG"))
    place = whole.index(b"\xff\xc0") + 5
    whole[place : place + 4] = struct.pack(">HH", 65_500, 65_500)
    assert refusal_of(bytes(whole)) == "pixels"


def test_a_compressed_text_in_a_png_cannot_fill_the_memory():
    whole = picture("PNG")
    body = b"zTXt" + b"Comment\x00\x00" + zlib.compress(b"a" * 500_000_000, 1)
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    assert refusal_of(whole[:33] + chunk + whole[33:]) in {"damaged", "heavy", "format"}


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_a_photo_with_changed_bytes_is_read_or_refused(data):
    whole = bytearray(picture(data.draw(st.sampled_from(["JPEG", "PNG", "WEBP"]))))
    for place in data.draw(st.lists(st.integers(12, len(whole) - 1), min_size=1, max_size=5)):
        whole[place] = data.draw(st.integers(0, 255))
    try:
        assert opened(read_photo(upload(bytes(whole))).data).format == "JPEG"
    except ValidationError as refusal:
        assert refusal.code in {"damaged", "format", "pixels", "heavy"}  # noqa: PT017 - both outcomes are right


# --- The child -------------------------------------------------------------------------------------------------------


def test_a_child_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(images, "TIMEOUT_SECONDS", 0.01)
    assert refusal_of(picture("JPEG")) == "heavy"


@pytest.mark.parametrize(
    "program",
    [
        "import os; os.abort()",
        "while True: pass",
        "print('')",
        "print('[]')",
        "print('{}')",
        'print(\'{"refused": "<script>"}\')',
        'print(\'{"photo": [3, 1, 1], "thumbnail": [3, 1, 1]}\\n<html>\', end="")',
        'print(\'{"photo": [3, 1], "thumbnail": "x"}\\nabcdef\', end="")',
    ],
)
def test_a_child_that_crashes_or_lies_gives_a_refusal(monkeypatch, tmp_path, program):
    child = tmp_path / "child.py"
    child.write_text("import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1));" + "\n" + program)
    monkeypatch.setattr(images, "_CHILD", str(child))
    assert refusal_of(picture("JPEG")) == "heavy"


def test_the_child_sees_nothing_of_the_environment_and_cannot_write_a_file(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "canary")
    limits = CHILD.read_text().partition("def main")[0] + (
        "[resource.setrlimit(getattr(resource, n), (l, l)) for n, l in LIMITS.items()]\n"
        "import os, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "file = os.open('written', os.O_WRONLY | os.O_CREAT)\n"
        "try:\n    wrote = os.write(file, b'x')\nexcept OSError:\n    wrote = 0\n"
        "print(json.dumps({'refused': 'pixels' if not wrote and 'SECRET_KEY' not in os.environ else 'damaged'}))\n"
    )
    child = tmp_path / "child.py"
    child.write_text(limits)
    monkeypatch.setattr(images, "_CHILD", str(child))
    monkeypatch.chdir(tmp_path)
    assert refusal_of(picture("JPEG")) == "pixels"


def test_no_more_than_two_photos_are_decoded_at_once(monkeypatch):
    monkeypatch.setattr(images, "_WAIT_SECONDS", 0.01)
    assert images._slots.acquire(blocking=False)
    assert images._slots.acquire(blocking=False)
    try:
        assert refusal_of(picture("JPEG")) == "busy"
    finally:
        images._slots.release(2)
    assert read_photo(upload(picture("JPEG"))).width == 60


def test_photos_sent_at_the_same_time_do_not_get_mixed_up():
    found = {}

    def send(width):
        found[width] = read_photo(upload(picture("PNG", (width, 5)))).width

    threads = [threading.Thread(target=send, args=(width,)) for width in range(10, 18)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {width: width for width in range(10, 18)}
