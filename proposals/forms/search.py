"""Searching and filtering the list of ideas."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proposals.workflow import PRIVATE, Status
from wijkportaal.search import MAX_QUERY_LENGTH

PUBLIC_STATUSES = [(status.value, status.label) for status in Status if status not in PRIVATE]
# Each order is served by an index of Proposal; the id makes it the same on every page.
SORTS = {
    "nieuwste": ("-published_at", "-id"),
    "steun": ("-support_count", "-id"),
    "oudste": ("published_at", "id"),
}
DEFAULT_SORT = "nieuwste"


class ProposalFilter(forms.Form):
    """What part of the list is shown, and in which order. A value that doesn't exist is ignored: old links keep working."""

    q = forms.CharField(label=gettext_lazy("Search for a word"), required=False)
    wijk = forms.ChoiceField(label=gettext_lazy("Neighbourhood"), required=False)
    thema = forms.ChoiceField(label=gettext_lazy("Theme"), required=False)
    status = forms.ChoiceField(label=gettext_lazy("How far is it?"), required=False)
    sort = forms.ChoiceField(
        label=gettext_lazy("Order"),
        required=False,
        choices=[
            ("nieuwste", gettext_lazy("newest first")),
            ("steun", gettext_lazy("most support")),
            ("oudste", gettext_lazy("oldest first")),
        ],
    )

    def __init__(self, data, *, neighbourhoods, themes):
        super().__init__({**data.dict(), "q": data.get("q", "").strip()[:MAX_QUERY_LENGTH]}, auto_id="filter_%s")
        self.neighbourhoods = {neighbourhood.slug: neighbourhood for neighbourhood in neighbourhoods}
        self.themes = {theme.slug: theme for theme in themes}
        self.fields["q"].widget.attrs["maxlength"] = MAX_QUERY_LENGTH
        self.fields["wijk"].choices = [("", _("All neighbourhoods")), *((n.slug, n.name) for n in neighbourhoods)]
        self.fields["thema"].choices = [("", _("All themes")), *((theme.slug, theme.name) for theme in themes)]
        self.fields["status"].choices = [("", _("Everything")), *PUBLIC_STATUSES]
        self.full_clean()
        self.chosen = {name: value for name, value in self.cleaned_data.items() if value}
        # From here on the form only shows what counts: what was refused is gone, and says nothing.
        self.is_bound, self.initial, self._errors = False, self.chosen, {}

    @property
    def neighbourhood(self):
        return self.neighbourhoods.get(self.chosen.get("wijk"))

    @property
    def is_narrowed(self):
        """Whether some ideas are left out."""
        return bool(self.chosen.keys() - {"sort"})

    def narrow(self, ideas):
        """`ideas`, filtered and in the chosen order."""
        if "q" in self.chosen:
            ideas = ideas.matching(self.chosen["q"])
        if self.neighbourhood:
            ideas = ideas.filter(neighbourhood=self.neighbourhood)
        if "thema" in self.chosen:
            ideas = ideas.filter(theme=self.themes[self.chosen["thema"]])
        if "status" in self.chosen:
            ideas = ideas.filter(status=self.chosen["status"])
        return ideas.order_by(*SORTS[self.chosen.get("sort", DEFAULT_SORT)])
