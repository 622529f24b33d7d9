"""One's own page and details; and in the demo: being anyone, and reading everyone's mail."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts import actions
from accounts.adapter import is_own_url
from accounts.forms import DemoMailForm, DemoPersonForm, ProfileForm
from accounts.models import Mail, User


@require_GET
@never_cache
def me(request):
    """What is asked of me, my wijk and roles, my details."""
    return render(request, "accounts/me.html")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def profile(request):
    """My name and the language of my mail."""
    person = User.objects.get(
        pk=request.user.pk
    )  # not request.user: the form writes on it before it knows that all is well
    form = ProfileForm(request.POST or None, instance=person)
    if form.is_valid():
        try:
            actions.change_profile(person, **form.cleaned_data, now=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Your details are saved."))
            return redirect("accounts:me")
    return render(request, "accounts/profile.html", {"form": form})


# --- Demo ------------------------------------------------------------------------------------------------------------

# What to try as someone with this role. Of several roles the last one of this list counts.
WHAT_TO_TRY = {
    "resident": gettext_lazy("Sends in ideas, supports those of others and reacts."),
    "team_member": gettext_lazy("Follows the ideas and projects of the neighbourhood."),
    "community_worker": gettext_lazy("Helps residents with their ideas and tells how projects go."),
    "neighbourhood_manager": gettext_lazy(
        "Reads new ideas, checks if they can be done and gives money. Has a work list."
    ),
    "finance_officer": gettext_lazy("Follows the money, from budget to payment."),
    "council_registry": gettext_lazy("Sees what the council sees."),
    "alderperson": gettext_lazy("Sees how it goes in each neighbourhood, on the dashboard."),
    "councillor": gettext_lazy("Checks for the council what happens with the money, on the dashboard."),
    "municipal_admin": gettext_lazy("Sets up neighbourhoods, people and roles."),
}


def _only_in_demo():
    if not settings.DEMO:
        raise Http404


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def demo_people(request):
    """Kies wie u bent: sign in as one of the people of the demo."""
    _only_in_demo()
    people = User.objects.filter(is_demo=True, is_active=True)
    if request.method == "POST":
        form = DemoPersonForm(request.POST, people=people)
        if not form.is_valid():
            raise Http404
        person = form.cleaned_data["person"]
        login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
        messages.success(request, _("You are %(name)s now.") % {"name": person.name})
        target = form.cleaned_data["next"]
        return redirect(target if is_own_url(request, target) else "accounts:me")
    today = timezone.localdate()
    rows = [
        _person_row(person, today) for person in people.prefetch_related("memberships__neighbourhood").order_by("id")
    ]
    return render(request, "accounts/demo_people.html", {"rows": rows, "next": request.GET.get("next", "")[:500]})


def _person_row(person, today):
    held = [
        membership
        for membership in person.memberships.all()
        if membership.starts_on <= today and (membership.ends_on is None or membership.ends_on >= today)
    ]
    roles = list(WHAT_TO_TRY)
    held.sort(key=lambda membership: roles.index(membership.role), reverse=True)
    first = held[0].role if held else "resident"
    return {"person": person, "roles": held, "what_to_try": WHAT_TO_TRY[first]}


@login_not_required
@require_GET
@never_cache
def demo_mail(request):
    """The mail that the demo would have sent, newest first; `?to=` shows the mail of one address."""
    _only_in_demo()
    form = DemoMailForm(request.GET)
    mails = Mail.objects.order_by("-id").select_related("recipient")
    to = form.cleaned_data["to"] if form.is_valid() else ""
    if to:
        mails = mails.filter(to=to.lower())
    page_obj = Paginator(mails, 25).get_page(form.cleaned_data.get("page") or 1)
    return render(request, "accounts/demo_mail.html", {"page_obj": page_obj, "to": to, "filter_form": form})


@login_not_required
@require_GET
@never_cache
def demo_mail_detail(request, pk):
    """One mail of the demo, as its reader would see it."""
    _only_in_demo()
    return render(request, "accounts/demo_mail_detail.html", {"mail": get_object_or_404(Mail, pk=pk)})
