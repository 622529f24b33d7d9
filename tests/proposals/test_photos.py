"""Photos with an idea: kept clean, shown to who may see the idea, and never run as anything else."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from proposals import actions
from proposals.models import Photo, Proposal
from tests.factories import NOW, make_proposal, new_key
from wijkportaal.images import read_photo


def jpeg(colour="green", size=(60, 40)):
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG")
    return file.getvalue()


def upload(name="foto.jpg", data=None):
    return SimpleUploadedFile(name, data if data is not None else jpeg(), content_type="image/jpeg")


@pytest.fixture
def safe():
    return read_photo(io.BytesIO(jpeg()))


@pytest.fixture
def typed(centrum, theme):
    return {
        "key": str(new_key()),
        "neighbourhood": centrum.pk,
        "theme": theme.pk,
        "title": "Een bankje",
        "what": "Om te zitten.",
        "then": "draft",
    }


@pytest.fixture
def private_photo(ria, centrum, safe):
    return make_proposal(ria, centrum, photos=[(safe, "De vijver")]).photos.get()


@pytest.fixture
def public_photo(ria, wim, centrum, safe):
    return make_proposal(ria, centrum, "published", manager=wim, photos=[(safe, "De vijver")]).photos.get()


# --- Sending ---------------------------------------------------------------------------------------------------------


def test_photos_are_kept_with_their_description_in_order(sign_in, ria, typed):
    data = {**typed, "photo_1": upload(), "alt_1": "De vijver", "photo_3": upload(), "alt_3": "Het pad"}
    sign_in(ria).post("/ideeen/nieuw/", data)
    assert [(photo.alt, photo.position) for photo in Photo.objects.all()] == [("De vijver", 0), ("Het pad", 1)]


def test_a_photo_needs_a_description_and_must_be_chosen_again(sign_in, ria, typed):
    page = sign_in(ria).post("/ideeen/nieuw/", {**typed, "photo_1": upload()}).content.decode()
    assert "Om te zitten." in page
    assert "Schrijf in een paar woorden wat er op de foto staat." in page
    assert "Kies deze foto opnieuw." in page
    assert not Proposal.objects.exists()


def test_what_is_no_photo_gets_its_reason_beside_it(sign_in, ria, typed):
    data = {**typed, "photo_2": upload("x.jpg", b"<svg onload=alert(1)>"), "alt_2": "Iets"}
    response = sign_in(ria).post("/ideeen/nieuw/", data)
    assert list(response.context["form"].errors) == ["photo_2"]
    assert not Proposal.objects.exists()


def test_photos_can_be_taken_away_and_the_next_one_becomes_the_cover(
    sign_in, ria, centrum, safe, typed, django_capture_on_commit_callbacks
):
    draft = make_proposal(ria, centrum, photos=[(safe, "Eerste"), (safe, "Tweede")])
    first = draft.photos.get(alt="Eerste")
    path = first.image.path
    with django_capture_on_commit_callbacks(execute=True):
        data = {**typed, "version": 0, "remove": [first.key.hex], "photo_1": upload(), "alt_1": "Derde"}
        sign_in(ria).post(f"{draft.get_absolute_url()}wijzigen/", data)
    assert [(photo.alt, photo.position) for photo in draft.photos.all()] == [("Tweede", 0), ("Derde", 1)]
    assert Proposal.objects.for_cards().get(pk=draft.pk).cover.alt == "Tweede"
    with pytest.raises(FileNotFoundError):
        open(path)  # noqa: SIM115 - it isn't there


def test_five_is_the_most(sign_in, ria, centrum, safe, typed):
    draft = make_proposal(ria, centrum, photos=[(safe, f"Foto {number}") for number in range(5)])
    url = f"{draft.get_absolute_url()}wijzigen/"
    client = sign_in(ria)
    data = {**typed, "version": 0, "photo_1": upload(), "alt_1": "Zes"}
    assert "hoogstens 5" in client.post(url, data).content.decode()
    assert draft.photos.count() == 5


def test_photos_of_another_idea_are_not_taken_away(sign_in, ria, rob, centrum, safe, typed, public_photo):
    own = make_proposal(rob, centrum, photos=[(safe, "Van Rob")])
    data = {**typed, "version": 0, "remove": [public_photo.key.hex]}
    assert sign_in(rob).post(f"{own.get_absolute_url()}wijzigen/", data).status_code == 200
    assert Photo.objects.filter(pk=public_photo.pk).exists()


# --- Showing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", ["url", "thumbnail_url"])
def test_everyone_sees_a_photo_of_a_published_idea(size, client, public_photo):
    response = client.get(getattr(public_photo, size))
    assert response.status_code == 200
    assert response["Content-Type"] == "image/jpeg"
    assert b"".join(response.streaming_content).startswith(b"\xff\xd8\xff")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "public" in response["Cache-Control"]
    assert "max-age=31536000" in response["Cache-Control"]


@pytest.mark.parametrize(("who", "status"), [(None, 404), ("ria", 200), ("rob", 404), ("wim", 404), ("carla", 404)])
def test_a_photo_of_a_draft_is_there_for_its_writer_alone(who, status, request, client, private_photo):
    if who:
        client.force_login(request.getfixturevalue(who))
    for url in (private_photo.url, private_photo.thumbnail_url):
        response = client.get(url)
        assert response.status_code == status
        if status == 200:
            assert "private" in response["Cache-Control"]
            assert "public" not in response["Cache-Control"]


def test_a_browser_that_has_it_gets_no_bytes_but_is_still_asked_who_it_is(client, ria, private_photo):
    client.force_login(ria)
    etag = client.get(private_photo.url)["ETag"]
    assert client.get(private_photo.url, headers={"if-none-match": etag}).status_code == 304
    client.logout()
    assert client.get(private_photo.url, headers={"if-none-match": etag}).status_code == 404


def test_a_photo_is_not_packed_again(client, public_photo):
    response = client.get(public_photo.url, headers={"accept-encoding": "gzip"})
    assert response["Content-Encoding"] == "identity"


def test_a_file_that_is_gone_is_404(client, public_photo):
    public_photo.image.storage.delete(public_photo.image.name)
    assert client.get(public_photo.url).status_code == 404


@pytest.mark.parametrize("key", ["00000000-0000-0000-0000-000000000000", "geen-sleutel"])
def test_a_photo_that_does_not_exist_is_404(key, client, town):
    assert client.get(f"/fotos/{key}.jpg").status_code == 404


def test_a_description_is_only_text(client, ria, wim, centrum, safe):
    alt = '"><script>alert(1)</script>'
    proposal = make_proposal(ria, centrum, "published", manager=wim, photos=[(safe, alt), (safe, "Twee")])
    actions.add_comment(proposal, text="x", actor=ria, now=NOW)
    page = client.get(proposal.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
