"""The list of ideas: what visitors find, in which order, and that nothing unpublished or odd gets through."""

import datetime

import pytest
from django.core.cache import caches
from django.test.utils import CaptureQueriesContext

from proposals.models import Proposal
from tests.factories import NOW, make_proposal, make_theme, make_user

LIST = "/ideeen/"


def titles(response):
    return [proposal.title for proposal in response.context["page"].object_list]


@pytest.fixture
def ideas(ria, wim, hans, centrum, haven):
    """Three in Centrum, one in Haven, each a day later than the one before."""

    def make(days, title, wijk, manager, **fields):
        now = NOW + datetime.timedelta(days=days)
        return make_proposal(ria, wijk, "published", manager=manager, title=title, now=now, **fields)

    return [
        make(0, "Een boom op de hoek", centrum, wim),
        make(1, "Speeltuin opknappen", centrum, wim, theme=make_theme("Spelen")),
        make(2, "Café voor ouderen", centrum, wim),
        make(3, "Bankje aan het water", haven, hans),
    ]


def test_a_visitor_sees_all_published_ideas_newest_first(client, ideas):
    response = client.get(LIST)
    assert titles(response) == [
        "Bankje aan het water",
        "Café voor ouderen",
        "Speeltuin opknappen",
        "Een boom op de hoek",
    ]
    assert not response.cookies


@pytest.mark.parametrize("status", ["draft", "submitted", "returned"])
@pytest.mark.parametrize("query", ["", "?q=Kanarie", "?sort=steun", "?sort=oudste"])
def test_what_is_not_published_is_in_no_list_even_for_its_writer(status, query, client, ria, wim, centrum, ideas):
    make_proposal(ria, centrum, status, manager=wim, title="Kanarie in de kooi")
    assert "Kanarie in de kooi" not in client.get(LIST + query).content.decode()
    client.force_login(ria)
    assert "Kanarie in de kooi" not in client.get(LIST + query).content.decode()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("bomen", ["Een boom op de hoek"]),
        ("tuin", ["Speeltuin opknappen"]),
        ("cafe", ["Café voor ouderen"]),
        ("CAFÉ", ["Café voor ouderen"]),
        ("bankjes", ["Bankje aan het water"]),
        ("raket", []),
        ("?!", []),
    ],
)
def test_search_knows_dutch(typed, found, client, ideas):
    Proposal.objects.update(what="x")
    for idea in Proposal.objects.all():
        from wijkportaal.search import index_text

        Proposal.objects.filter(pk=idea.pk).update(search_text=index_text(idea.title))
    response = client.get(LIST, {"q": typed})
    assert titles(response) == found


def test_filters_narrow_the_list(client, ideas, wim, haven):
    assert titles(client.get(LIST, {"wijk": "haven"})) == ["Bankje aan het water"]
    assert titles(client.get(LIST, {"thema": "spelen"})) == ["Speeltuin opknappen"]
    assert titles(client.get(LIST, {"status": "published", "wijk": "centrum", "q": "boom"})) == ["Een boom op de hoek"]
    assert titles(client.get(LIST, {"status": "completed"})) == []


def test_sorts(client, ideas):
    Proposal.objects.filter(title="Speeltuin opknappen").update(support_count=9)
    assert titles(client.get(LIST, {"sort": "steun"}))[0] == "Speeltuin opknappen"
    assert titles(client.get(LIST, {"sort": "oudste"}))[0] == "Een boom op de hoek"


def test_an_empty_answer_says_what_to_do(client, ideas):
    response = client.get(LIST, {"q": "raket"})
    assert "Toon alle ideeën" in response.content.decode()


def test_the_very_first_visitor_is_asked_for_an_idea(client, town):
    assert "/ideeen/nieuw/" in client.get(LIST).content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"page": "NaN"},
        {"page": "-1"},
        {"page": "0"},
        {"page": "1" + "0" * 20},
        {"page": "9" * 5000},
        {"page": "²"},
        {"sort": "author__email"},
        {"sort": "-id;drop"},
        {"status": "draft"},
        {"wijk": "nergens"},
        {"wijk": "x" * 5000},
        {"thema": "' OR 1=1 --"},
        {"q": "x" * 5000},
        {"q": "%_\\"},
    ],
)
def test_odd_parameters_are_ignored(query, client, ideas):
    response = client.get(LIST, query)
    assert response.status_code == 200
    if "q" not in query:
        assert len(titles(response)) == 4
    assert "Fout:" not in response.content.decode()


@pytest.mark.parametrize("name", ["q", "wijk", "thema", "status", "sort", "page"])
def test_bytes_no_database_wants_are_refused(name, client, ideas):
    assert client.get(f"{LIST}?{name}=%00").status_code == 400


def test_pages_keep_the_filters(client, ria, wim, centrum):
    for _ in range(21):
        make_proposal(ria, centrum, "published", manager=wim)
    first = client.get(LIST, {"wijk": "centrum", "sort": "oudste"})
    assert len(titles(first)) == 20
    assert "wijk=centrum&amp;sort=oudste&amp;page=2" in first.content.decode()
    second = client.get(LIST, {"wijk": "centrum", "sort": "oudste", "page": "2"})
    assert len(titles(second)) == 1
    assert not set(titles(first)) & set(titles(second))


def test_markup_in_a_title_and_in_the_search_box_is_only_text(client, ria, wim, centrum):
    payload = "<script>alert(1)</script>"
    make_proposal(ria, centrum, "published", manager=wim, title=payload)
    page = client.get(LIST, {"q": "script"}).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert payload not in page
    assert payload not in client.get(LIST, {"q": payload}).content.decode()


def test_two_hundred_ideas_cost_as_many_queries_as_ten(client, ria, wim, centrum, django_assert_max_num_queries):
    author = make_user("Ans")

    def queries():
        caches["pages"].clear()
        client.get(LIST)  # the town's name is remembered from here on
        caches["pages"].delete_many([])
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST, {"sort": "nieuwste"})
        return len(captured)

    from django.db import connection

    for _ in range(10):
        make_proposal(author, centrum, "published", manager=wim)
    few = queries()
    example = Proposal.objects.last()
    rows = []
    for number in range(190):
        fields = {
            field.attname: getattr(example, field.attname) for field in Proposal._meta.fields if field.name != "id"
        }
        rows.append(Proposal(**{**fields, "title": f"Idee {number}"}))
    Proposal.objects.bulk_create(rows)
    assert queries() == few
    assert few <= 6
