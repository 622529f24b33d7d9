"""Searching as people who speak Dutch expect it, the same on both databases."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from hypothesis import given
from hypothesis import strategies as st

from wijkportaal.search import index_text, matching, query_terms


def finds(q, text):
    """What `matching` asks the database, answered by Python."""
    index = index_text(text)
    return all(any(alternative in index for alternative in alternatives) for alternatives in query_terms(q))


FOUND = [
    ("bomen", "Een boom bij de school"),
    ("boom", "Nieuwe bomen langs de kade"),
    ("boom", "Kersenbomen"),
    ("kersenbomen", "Een kersenboom"),
    ("tuin", "Speeltuin De Vlinder"),
    ("tuinen", "Speeltuin De Vlinder"),
    ("speeltuinen", "de speeltuin"),
    ("café", "Repair Cafe"),
    ("cafe", "Repair Café"),
    ("CAFÉ", "repaircafé"),
    ("fiets", "Fietsenstalling"),
    ("fietsen", "een fiets"),
    ("fietsenstalling", "fietsenstallingen"),
    ("huis", "huizen"),
    ("huizen", "buurthuis"),
    ("straten", "Hoofdstraat"),
    ("straat", "alle straten"),
    ("duiven", "een duif"),
    ("groene", "groen dak"),
    ("groen", "groene daken"),
    ("wegen", "de weg"),
    ("bankje", "een bank in het park"),
    ("parken", "bankje bij het park"),
    ("foto's", "een foto"),
    ("fotos", "foto’s van vroeger"),
    ("een bank in het park", "Bankjes voor ouderen, Vondelpark"),
    ("park bank", "bank, park"),
    ("3 linden", "De Drie Linden, nummer 3"),
    ("IJ", "aan het ĳ"),
    ("smørrebrød", "smorrebrod"),
    ("Łódź", "lodz"),
    ("straße", "STRASSE"),
    ("the", "Thee in de tuin"),
]
NOT_FOUND = [
    ("boom", "bombardement"),
    ("bomen", "een album"),
    ("eten", "ik weet het"),
    ("bank park", "een bank"),
    ("ei", "een klein plein"),
    ("100%", "geen enkel getal"),
    ("a%b", "axb"),
]


@pytest.mark.parametrize(("q", "text"), FOUND)
def test_a_search_finds_other_forms_of_the_word(q, text):
    assert finds(q, text)


@pytest.mark.parametrize(("q", "text"), NOT_FOUND)
def test_a_search_does_not_find_what_only_looks_alike(q, text):
    assert not finds(q, text)


@pytest.mark.django_db
def test_the_database_gives_the_answers_of_python():
    texts = sorted({index_text(text) for _, text in FOUND + NOT_FOUND})
    ContentType.objects.bulk_create(ContentType(app_label="search", model=text) for text in texts)
    for q, _ in FOUND + NOT_FOUND:
        found = ContentType.objects.filter(matching("model", q), app_label="search").values_list("model", flat=True)
        terms = query_terms(q)
        assert sorted(found) == [text for text in texts if all(any(a in text for a in word) for word in terms)], q


@pytest.mark.django_db
@pytest.mark.parametrize(
    "q", ["\x00", "a\x00b", "\ud800", "boom\udfff", "%", "_", "\\", "'", "%' OR 1=1 --", "?!", "🌳"]
)
def test_odd_characters_are_no_wildcards_and_no_errors(q):
    ContentType.objects.create(app_label="search", model=index_text("de lindeboom"))
    found = ContentType.objects.filter(matching("model", q), app_label="search")
    assert found.count() == (1 if "boom" in q else 0)


@pytest.mark.django_db
def test_an_empty_search_finds_everything():
    ContentType.objects.create(app_label="search", model=index_text("de lindeboom"))
    assert matching("model", " \t") == Q()
    assert ContentType.objects.filter(matching("model", ""), app_label="search").count() == 1


def test_only_stop_words_still_search_for_something():
    assert finds("de", "de brug")
    assert not finds("het", "een brug")


def test_a_very_long_search_is_cut():
    assert len(query_terms(" ".join(f"woord{i}" for i in range(50)))) == 8
    assert query_terms("a" * 5_000)[0][0] == "a" * 100
    assert query_terms("") == []


def test_nothing_to_index_gives_an_empty_text():
    assert index_text() == index_text(None, "", "?!") == ""


def test_each_word_is_indexed_once_over_all_parts():
    assert index_text("Boom boom", None, "BOOM bomen") == " boom bomen "


@given(st.text(max_size=200))
def test_any_text_can_be_stored_and_is_found_by_its_own_words(text):
    index = index_text(text)
    index.encode()
    assert "\x00" not in index
    for word in index.split()[:4]:
        assert all(any(a in index for a in alternatives) for alternatives in query_terms(word[:100]))


@given(st.text(max_size=300))
def test_any_search_gives_few_and_short_alternatives(q):
    terms = query_terms(q)
    assert len(terms) <= 8
    assert all(1 <= len(alternatives) <= 5 for alternatives in terms)
    assert not any("%" in a or "_" in a or "\\" in a for alternatives in terms for a in alternatives)


def test_threads_do_not_mix_up_each_others_words():
    words = [f"{stem}en{i}bomen" for i in range(300) for stem in ("straat", "huis", "school")]
    expected = [index_text(word) for word in words]
    index_text.__globals__["_stem"].cache_clear()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(index_text, words)) == expected
