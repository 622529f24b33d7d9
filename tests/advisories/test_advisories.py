"""Mistakes that platforms of this kind published about themselves, each as a test that it isn't made here.

The numbers are those of the advisories (CVE) of Decidim and decidim-awesome, and of issues of Consul Democracy and others. What concerns
voting comes with the voting.
"""

import json
import re
from urllib.parse import urljoin, urlsplit

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Mail, User
from budgets.models import Budget
from neighbourhoods import actions as places
from neighbourhoods.models import Meeting, Membership, Municipality, Role, Theme
from proposals import actions
from proposals.models import Invitation, Proposal, ProposalEvent, Support
from tests.factories import NOW, give_role, make_budget, make_proposal, make_user
from tests.security.browsing import forms_of
from tests.security.test_support_race import press_at_once, support
from tests.security.test_xss import read

SCRIPT = '"><script>kwaad()</script><img src=x onerror=kwaad()>'


def body(client, address, data=None):
    return client.get(address, data).content.decode()


def is_clean(html):
    """Whether `kwaad` is in the page as text only."""
    page = read(html)
    return not page.faults and ("img", "onerror") not in page.parts and "<script>kwaad" not in html


# --- Script in what people write, or in the address ------------------------------------------------------------------


def test_decidim_2023_32693_a_page_for_leaving_the_site_runs_script(client, published):
    """CVE-2023-32693: the page that warns about an external link put its parameter in a link. Here is no such page, and links go straight."""
    for parameter in ("external_url", "url", "to", "next", "redirect"):
        for name in ("neighbourhoods:home", "proposals:list"):
            assert "javascript:kwaad" not in body(client, reverse(name), {parameter: "javascript:kwaad()"})
    assert client.get("/link/", {"external_url": "javascript:kwaad()"}).status_code == 404


def test_decidim_2023_34089_script_by_a_filter_of_a_list(client, town, published):
    """CVE-2023-34089: a filter of the list of processes was shown as it came."""
    for parameter in ("q", "wijk", "thema", "status", "sort", "page", "filter[with_type]"):
        assert is_clean(body(client, reverse("proposals:list"), {parameter: SCRIPT})), parameter


def test_decidim_2024_32469_script_by_the_size_of_a_page(client, town, published):
    """CVE-2024-32469: `per_page` came back in the links of the pagination."""
    for parameter in ("per_page", "page", "limit"):
        assert is_clean(body(client, reverse("proposals:list"), {parameter: SCRIPT}))


def test_decidim_2023_51447_script_in_the_name_of_a_file(sign_in, ria, centrum, theme):
    """CVE-2023-51447: the name of an uploaded file was shown unescaped. Here it is forgotten."""
    import io

    from django.core.files.uploadedfile import SimpleUploadedFile
    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (20, 20)).save(picture, "JPEG")
    client = sign_in(ria)
    page = body(client, reverse("proposals:create"))
    form = next(form for form in forms_of(page) if form.method == "post")
    data = form.filled_in(neighbourhood=str(centrum.pk), theme=str(theme.pk), emails="x@example.org") | {
        "photo_1": SimpleUploadedFile(f"{SCRIPT}.jpg", picture.getvalue()), "alt_1": "Een bankje",
    }  # fmt: skip
    response = client.post(reverse("proposals:create"), data, follow=True)
    photo = Proposal.objects.get().photos.get()
    assert "kwaad" not in photo.image.name
    assert "kwaad" not in response.content.decode()


def test_decidim_2024_27095_and_45572_script_by_an_administrator(client, town, centrum):
    """CVE-2024-27095, CVE-2026-45572: what an administrator writes ran as HTML. Here the words of the town are plain text too."""
    Municipality.objects.update(
        name=SCRIPT,
        welcome=SCRIPT,
        contact_phone='"><b>kwaad',
        role_labels={"resident": SCRIPT, "neighbourhood_manager": SCRIPT},
    )
    for name in ("neighbourhoods:home", "neighbourhoods:how_it_works", "proposals:list"):
        assert is_clean(body(client, reverse(name)))


def test_decidim_2024_32034_script_in_the_log(sign_in, bea, town, centrum):
    """CVE-2024-32034: the log of what administrators did showed titles unescaped."""
    User.objects.filter(pk=bea.pk).update(name=SCRIPT)
    theme = Theme(name=SCRIPT, slug="x")
    places.save_theme(theme, actor=User.objects.get(pk=bea.pk), now=NOW)
    html = body(sign_in(bea), reverse("neighbourhoods:log"))
    assert "kwaad" in html
    assert is_clean(html)


def test_decidim_2024_39910_script_by_formatted_text(client, ria, wim, centrum):
    """CVE-2024-39910: the editor's formatted text wasn't cleaned on the server. Here text is plain text, and tags are shown as typed."""
    idea = make_proposal(
        ria, centrum, "published", manager=wim, what=f"<b>vet</b> {SCRIPT}", why="[x](javascript:kwaad())"
    )
    html = body(client, idea.get_absolute_url())
    assert "&lt;b&gt;vet&lt;/b&gt;" in html
    assert is_clean(html)


def test_decidim_2024_41673_script_on_the_page_with_versions(sign_in, ria, centrum):
    """CVE-2024-41673: the page that compares versions showed them unescaped. Here that is the page about an edit by two people at once."""
    draft = make_proposal(ria, centrum, what=SCRIPT, title="Bankje <b>x</b>")
    client = sign_in(ria)
    form = next(
        form for form in forms_of(body(client, reverse("proposals:edit", args=[draft.pk]))) if form.method == "post"
    )
    data = form.filled_in(emails="") | {"what": f"anders {SCRIPT}"}
    data.pop("emails", None)
    actions.edit_proposal(draft, version=draft.version, what=f"{SCRIPT} eerder", actor=ria, now=NOW)
    response = client.post(reverse("proposals:edit", args=[draft.pk]), data)
    assert response.status_code == 409
    assert "eerder" in response.content.decode()
    assert is_clean(response.content.decode())


def test_decidim_2024_45594_script_by_the_embedding_of_a_meeting(client, wim, centrum):
    """CVE-2024-45594: the address of an online meeting was put in a frame."""
    meeting = Meeting(
        neighbourhood=centrum,
        title=SCRIPT,
        starts_at=NOW.replace(year=2099),
        place="javascript:kwaad()",
        agenda=f"<iframe src=javascript:kwaad()> {SCRIPT}",
    )
    places.save_meeting(meeting, actor=wim, now=NOW)
    html = body(client, centrum.get_absolute_url())
    assert "kwaad" in html
    assert "<iframe" not in html
    assert is_clean(html)


def test_decidim_2026_23891_script_in_a_persons_name(client, ria, wim, centrum):
    """CVE-2026-23891: the name of a person was shown unescaped."""
    User.objects.filter(pk__in=[ria.pk, wim.pk]).update(name=SCRIPT[:80])
    idea = make_proposal(User.objects.get(pk=ria.pk), centrum, "published", manager=User.objects.get(pk=wim.pk))
    actions.add_comment(idea, text="Ja", actor=ria, now=NOW)
    for address in (idea.get_absolute_url(), centrum.get_absolute_url()):
        html = body(client, address)
        assert "kwaad" in html
        assert is_clean(html)


# --- Seeing and changing what is another's ---------------------------------------------------------------------------


def test_decidim_2023_34090_a_filter_asks_any_column(client, ria, published):
    """CVE-2023-34090: the search took names of columns, so that a password or an address could be guessed letter by letter."""
    address = reverse("proposals:list")
    plain = body(client, address)
    guesses = {
        "author__email__startswith": "zzz",
        "q[author_email_start]": "zzz",
        "filter[author_email]": "zzz",
        "author__password__contains": "zzz",
        "status__in": "draft",
        "sort": "author__password",
        "order": "author__email",
        "search_text__contains": "zzz",
    }
    for name, value in guesses.items():
        assert re.sub(r"\?[^\"]*", "", body(client, address, {name: value})).count(published.title) == plain.count(
            published.title
        ), name


def test_decidim_2023_36465_pages_of_administrators_open_to_everyone(sign_in, ria, tom, wim, carla, fien, bea):
    """CVE-2023-36465: any person who was signed in could use part of the administration."""
    names = ["administration", "people", "grant_role", "log", "change_municipality", "add_theme"]
    for user in (ria, tom, wim, carla, fien):
        assert {sign_in(user).get(reverse(f"neighbourhoods:{name}")).status_code for name in names} == {403}, user
    assert {sign_in(bea).get(reverse(f"neighbourhoods:{name}")).status_code for name in names} == {200}


def test_decidim_2024_27090_an_embedded_page_shows_what_is_private(client, sign_in, ria, rob, centrum):
    """CVE-2024-27090: the page for embedding didn't ask who was looking. Here is no such page, and no other site may frame ours."""
    draft = make_proposal(ria, centrum)
    for ending in ("", "embed/", "embed", "?embed=1", "?format=json", ".json", "print/"):
        assert client.get(draft.get_absolute_url() + ending).status_code in {301, 404}, ending
        assert sign_in(rob).get(draft.get_absolute_url() + ending).status_code in {301, 404}, ending
        client.logout()
    assert "frame-ancestors 'none'" in client.get(reverse("neighbourhoods:home"))["Content-Security-Policy"]


def test_decidim_2025_65017_someone_elses_export_by_a_number_that_collides(sign_in, ria, rob, published):
    """CVE-2025-65017: exports of one's data were found by a number, and two numbers could be alike. Here no number is asked."""
    for user, other in ((ria, rob), (rob, ria)):
        for query in ({}, {"id": other.pk}, {"user": other.pk}, {"user_id": other.pk}, {"email": other.email}):
            assert (
                json.loads(sign_in(user).get(reverse("proposals:my_data"), query).content)["account"]["email"]
                == user.email
            )


def test_decidim_2026_40869_a_stranger_accepts_a_change_to_anothers_text(sign_in, ria, rob, tom, published, centrum):
    """CVE-2026-40869: anyone could accept an amendment to someone else's proposal."""
    draft = make_proposal(ria, centrum)
    before = Proposal.objects.values().get(pk=draft.pk), Proposal.objects.values().get(pk=published.pk)
    for user in (rob, tom):
        assert sign_in(user).post(reverse("proposals:edit", args=[draft.pk]), {"title": "Van mij"}).status_code == 404
        for verb in ("withdraw", "merge", "accept", "invite", "assess"):
            assert (
                sign_in(user).post(reverse(f"proposals:{verb}", args=[published.pk]), {"reason": "Zo"}).status_code
                == 403
            )
    assert before == (Proposal.objects.values().get(pk=draft.pk), Proposal.objects.values().get(pk=published.pk))


def test_decidim_2026_40870_an_api_reads_whatever_has_comments(client, sign_in, ria, rob, centrum):
    """CVE-2026-40870: the interface for programs gave anything that can be commented on. Here comments of a draft are as hidden as the draft."""
    draft = make_proposal(ria, centrum)
    for address in ("/api", "/api/", "/graphql", "/api/graphql", "/api/proposals/"):
        assert client.get(address).status_code == 404
    assert sign_in(rob).get(reverse("proposals:comment", args=[draft.pk])).status_code == 404
    assert sign_in(rob).post(reverse("proposals:comment", args=[draft.pk]), {"text": "Hoi"}).status_code == 404


def test_decidim_2026_45086_a_participant_changes_the_questions(sign_in, ria, town, centrum):
    """CVE-2026-45086: a participant could change a form that is the organisation's."""
    before = Municipality.objects.values().get()
    for name in ("neighbourhoods:change_municipality", "neighbourhoods:add_theme"):
        assert sign_in(ria).post(reverse(name), {"name": "Van mij"}).status_code == 403
    assert Municipality.objects.values().get() == before
    assert not Theme.objects.filter(name="Van mij").exists()


def test_decidim_2026_45330_papers_of_another_tenant(sign_in, ria, wim, hans, centrum, haven):
    """CVE-2026-45330: documents of another organisation were found by number. Here a wijkmanager of one wijk sees nothing private of another."""
    idea = make_proposal(ria, centrum, "submitted", manager=wim)
    for name in ("detail", "publish", "send_back", "note", "assign", "merge"):
        assert sign_in(hans).get(reverse(f"proposals:{name}", args=[idea.pk])).status_code == 404, name
        assert sign_in(wim).get(reverse(f"proposals:{name}", args=[idea.pk])).status_code in {200, 302}, name


def test_decidim_2026_45415_a_lesser_administrator_changes_who_may(sign_in, wim, fien, rob, centrum):
    """CVE-2026-45415: an administrator of one part could change the census of all. Here only the town's administrator gives roles."""
    data = {"email": rob.email, "role": "neighbourhood_manager", "neighbourhood": centrum.pk, "starts_on": "2026-01-01"}
    for user in (wim, fien, rob):
        assert sign_in(user).post(reverse("neighbourhoods:grant_role"), data).status_code == 403
        assert (
            sign_in(user)
            .post(reverse("neighbourhoods:end_role", args=[Membership.objects.get(user=wim).pk]))
            .status_code
            == 403
        )
    assert not Membership.objects.filter(user=rob, role=Role.NEIGHBOURHOOD_MANAGER).exists()


def test_an_administrator_gives_no_role_to_themselves(sign_in, bea, centrum):
    """The second pair of eyes that several of these lacked."""
    data = {"email": bea.email, "role": "finance_officer", "starts_on": "2099-01-01"}
    assert sign_in(bea).post(reverse("neighbourhoods:grant_role"), data).status_code == 200
    assert not Membership.objects.filter(user=bea, role=Role.FINANCE_OFFICER).exists()


# --- Links, tokens and signing in ------------------------------------------------------------------------------------


def test_decidim_2023_47635_a_preview_without_a_token(ria, wim, centrum):
    """CVE-2023-47635: the preview of a template had no check of the token."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(wim)
    assert client.post(reverse("neighbourhoods:plan_round", args=[centrum.slug]), {"name": "Ronde"}).status_code == 403


def test_decidim_2023_48220_what_has_ended_comes_back_by_a_reset(client, centrum, rob):
    """CVE-2023-48220: an invitation that had expired worked again after asking for a new password. Here a role that ended stays ended."""
    import datetime

    give_role(rob, Role.NEIGHBOURHOOD_MANAGER, centrum, ends_on=datetime.date(2020, 6, 1))
    client.post(reverse("account_reset_password"), {"email": rob.email})
    client.force_login(rob)
    assert client.get(reverse("proposals:worklist")).status_code == 403


def test_an_invitation_is_accepted_by_another_address(sign_in, ria, rob, olga, centrum):
    """Decidim 2023-48220 and its kin: an invitation counts for the address it was sent to, not for whoever has the link."""
    draft = make_proposal(ria, centrum)
    actions.invite(draft, emails=[rob.email], actor=ria, now=NOW)
    assert sign_in(olga).get(draft.get_absolute_url()).status_code == 404
    assert sign_in(olga).post(reverse("proposals:join", args=[draft.pk])).status_code == 404
    assert sign_in(rob).post(reverse("proposals:join", args=[draft.pk])).status_code == 302
    assert list(draft.co_initiators.values_list("user", flat=True)) == [rob.pk]


def test_an_invitation_to_an_address_that_is_not_proven_opens_nothing(client, ria, centrum):
    """Signing up with someone's address without the code that was sent there gives no way in."""
    draft = make_proposal(ria, centrum)
    actions.invite(draft, emails=["nieuw@example.org"], actor=ria, now=NOW)
    client.post(reverse("account_signup"), {"email": "nieuw@example.org", "name": "Nieuw"})
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert "_auth_user_id" not in client.session


def test_decidim_2026_45377_and_45378_links_that_work_without_signing_in(client, sign_in, ria, rob, published):
    """CVE-2026-45377, CVE-2026-45378: a link to an export worked for whoever had it, for long. Here no link carries a right."""
    address = reverse("proposals:my_data")
    assert client.get(address).status_code == 302
    assert sign_in(ria).get(address)["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    actions.invite(published, emails=["nieuw@example.org"], actor=ria, now=NOW)
    actions.add_comment(published, text="Ja", actor=rob, now=NOW)
    links = {link for row in Mail.objects.all() for link in re.findall(r"https?://[^\s>]+", row.body)}
    assert links
    assert not [
        link for link in links if re.search(r"[?&](token|key|sig|code|auth)=|[0-9a-f]{16}|[A-Za-z0-9_-]{24}", link)
    ]


def test_decidim_2026_45414_a_token_of_one_counts_for_another(ria, rob, db):
    """CVE-2026-45414: a token was accepted by another organisation. Here a code is for the browser and the address that asked for it."""
    first, second = Client(), Client()
    first.post(reverse("account_request_login_code"), {"email": ria.email})
    code = re.search(r"\d{4}-\d{4}", mail.outbox[-1].body)[0]
    second.post(reverse("account_request_login_code"), {"email": rob.email})
    second.post(reverse("account_confirm_login_code"), {"code": code})
    assert "_auth_user_id" not in second.session
    first.post(reverse("account_confirm_login_code"), {"code": code})
    assert first.session["_auth_user_id"] == str(ria.pk)
    third = Client()
    third.post(reverse("account_confirm_login_code"), {"code": code})
    assert "_auth_user_id" not in third.session


ELSEWHERE = [
    "https://evil.example", "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example", "http:evil.example",
    "https:///evil.example", "http:///evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "ftp://evil.example",
    " //evil.example", "\t//evil.example", "/\t/evil.example", "/\n/evil.example", "https://testserver@evil.example", "https://testserver.evil.example",
    "https://evil.example#testserver", "https://evil.example?testserver", "https://evil.example\\@testserver", "//testserver@evil.example", "http://[::1]evil.example",
    "https:evil.example", "/%09/evil.example", "%2f%2fevil.example", "x:y", "https://localhost/",
]  # fmt: skip


def is_here(location):
    """Where a browser goes from here: it drops line ends and tabs, and takes a backslash for a slash."""
    link = urlsplit(
        urljoin("http://testserver/account/login/", re.sub(r"[\t\r\n]", "", location).strip().replace("\\", "/"))
    )
    return (link.scheme, link.netloc) == ("http", "testserver")


def test_an_address_to_go_on_to_leads_to_another_site(client, ria, db):
    """Open redirects (Decidim 2023-32693 and others): `next` stays on this site, in whatever way another is written."""
    ria.set_password("een heel lang wachtwoord")
    ria.save()
    for target in ELSEWHERE:
        client.logout()
        response = client.post(
            reverse("account_login") + "?met=wachtwoord",
            {"login": ria.email, "password": "een heel lang wachtwoord", "next": target},
        )
        assert is_here(response.get("Location", "/mijn/")), target
        assert is_here(client.post(reverse("account_logout"), {"next": target}).get("Location", "/")), target
    response = client.post(
        reverse("account_login") + "?met=wachtwoord",
        {"login": ria.email, "password": "een heel lang wachtwoord", "next": "/ideeen/"},
    )
    assert response["Location"] == "/ideeen/", "positive control: an address here is followed"


def test_links_in_mails_follow_the_host_that_was_asked(client, ria, settings):
    """A forged Host header in a request for a code or a password would put the forger's address in the mail."""
    for headers in (
        {"host": "evil.example"},
        {"x-forwarded-host": "evil.example"},
        {"host": "testserver@evil.example"},
    ):
        client.post(reverse("account_reset_password"), {"email": ria.email}, headers=headers)
        client.post(reverse("account_request_login_code"), {"email": ria.email}, headers=headers)
    assert not [message for message in mail.outbox if "evil.example" in message.body]


# --- The database ----------------------------------------------------------------------------------------------------


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_decidim_2023_47634_parallel_endorsements(published, rob):
    """CVE-2023-47634: endorsing many times at once counted many times. With real threads; its negative control is in test_support_race.py."""
    assert not press_at_once([support(published, rob)] * 32)
    published.refresh_from_db()
    assert (published.support_count, published.supports.count()) == (1, 1)


def test_consul_2415_the_database_lets_one_person_vote_twice(published, rob):
    """Consul issue 2415 (and the race of its pull request 4061): nothing in the database kept a second vote out."""
    Support.objects.create(proposal=published, user=rob, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Support.objects.bulk_create([Support(proposal=published, user=rob, at=NOW)])


def test_decidim_2026_45376_sql_in_the_order_of_a_list(client, published, ria, wim, centrum):
    """CVE-2026-45376: the order of a list went into the statement. Here it is one of three words."""
    make_proposal(ria, centrum, "published", manager=wim, title="Anders")
    plain = client.get(reverse("proposals:list"))
    for sort in (
        "title",
        "-title",
        "title; DROP TABLE proposals_proposal",
        "(SELECT password FROM accounts_user LIMIT 1)",
        "CASE WHEN 1=1 THEN title END",
        "1,2",
        "?",
        "random()",
        "author__password",
        "steun,author__password",
    ):
        response = client.get(reverse("proposals:list"), {"sort": sort})
        assert response.status_code == 200
        assert order(response) == order(plain), sort


def order(response):
    """The ideas of a list in the order of the page."""
    return re.findall(r'href="(/ideeen/\d+/)"', response.content.decode())


def test_decidim_awesome_2024_43415_sql_in_a_filter(client, published):
    """CVE-2024-43415: a filter was pasted into the statement."""
    for words in ("' OR '1'='1", "%' OR 1=1 --", "\\' OR 1=1 --", "bank%", "b_nk", "%", "_", "'", '"', "\\"):
        for parameter in ("q", "wijk", "thema", "status"):
            assert client.get(reverse("proposals:list"), {parameter: words}).status_code == 200
    assert order(client.get(reverse("proposals:list"), {"q": "zzzz' OR '1'='1"})) == []
    assert order(client.get(reverse("proposals:list"), {"q": "zz%"})) == []


def test_decidim_2026_45573_the_server_fetches_what_someone_typed(sign_in, fien, centrum):
    """CVE-2026-45573: an address to push to was fetched by the server. Here a link to a decision is only shown; in the suite fetching fails."""
    client = sign_in(fien)
    address = reverse("budgets:create_budget")
    form = next(form for form in forms_of(body(client, address)) if form.method == "post")
    data = form.filled_in(
        neighbourhoods=[str(centrum.pk)],
        amount_cents="100",
        decision_on="2026-01-05",
        decision_url="http://169.254.169.254/latest/meta-data/",
    )
    assert client.post(address, data).status_code == 302
    assert Budget.objects.get().decision_url.startswith("http://169.254")


def test_a_link_to_a_decision_runs_script(sign_in, client, fien, centrum):
    """Links that officials type are addresses of pages: http or https, and nothing that runs."""
    sign_in(fien)
    address = reverse("budgets:create_budget")
    form = next(form for form in forms_of(body(client, address)) if form.method == "post")
    for link in ("javascript:kwaad()", "data:text/html,kwaad", "vbscript:kwaad", "ftp://a.nl/x", " javascript:kwaad()"):
        data = form.filled_in(neighbourhoods=[str(centrum.pk)], amount_cents="100", decision_on="2026-01-05") | {
            "decision_url": link
        }
        response = client.post(address, data)
        if response.status_code == 302:
            assert not read(body(client, response["Location"])).faults, link
            assert not re.search(r'href="(javascript|data|vbscript)', body(client, response["Location"])), link


def test_openstad_a_cap_that_only_the_page_knows(sign_in, feasible, wim, centrum, haven, fien, budget):
    """OpenStad: limits per theme were checked in the browser alone. Here what is free, and whose money it is, is checked where it is written."""
    elsewhere = make_budget(haven, actor=fien, name="Van Haven")
    client, address = sign_in(wim), reverse("budgets:award", args=[feasible.pk])
    form = next(form for form in forms_of(body(client, address)) if form.method == "post")
    assert form.inputs["budget"].choices == [str(budget.pk)]
    today = str(timezone.localdate())
    for changed in (
        {"amount_cents": "50000,01"},
        {"budget": str(elsewhere.pk)},
        {"amount_cents": "-1"},
        {"amount_cents": "0"},
        {"amount_cents": "99999999999"},
    ):
        data = form.filled_in(decided_by="Team", decided_on=today) | changed
        assert client.post(address, data).status_code == 200, changed
        assert not feasible.accounts.exists()
    assert (
        client.post(address, form.filled_in(decided_by="Team", decided_on=today, amount_cents="50000,00")).status_code
        == 302
    )


def test_plenum_236_removing_an_account_changes_a_result(published, rob):
    """Plenum issue 236: deleting an account changed a published result. Here a person under whom something hangs can't be deleted."""
    actions.support_proposal(published, actor=rob, now=NOW)
    with pytest.raises(ProtectedError):
        rob.delete()
    published.refresh_from_db()
    assert published.support_count == 1
    assert ProposalEvent.objects.filter(actor=rob).exists()


def test_invitations_of_a_person_tell_nobody_who_has_an_account(sign_in, ria, rob, centrum):
    """Inviting an address that has an account and one that hasn't looks the same: else it is a way to ask who is a member."""
    draft = make_proposal(ria, centrum)
    make_user("Bekend", email="bekend@example.org")
    client, answers = sign_in(ria), []
    for email in ("bekend@example.org", "onbekend@example.org"):
        html = client.post(
            reverse("proposals:invite", args=[draft.pk]), {"emails": email}, follow=True
        ).content.decode()
        answers.append(re.sub(r'value="[^"]*"', "", html.replace(email, "…")))
        Invitation.objects.all().delete()
    assert answers[0] == answers[1]
