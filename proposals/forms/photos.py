"""Photos in a form: at most five, each with words for who can't see it. For ideas and for news from projects."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from wijkportaal.images import read_photo

MAX_PHOTOS = 5


class PhotoFields:
    """For a Form: `add_photo_fields` in `__init__`, `read_photos` in `clean`; then `photos` are pairs of SafePhoto and description."""

    photo_numbers = range(1, MAX_PHOTOS + 1)

    def add_photo_fields(self):
        for number in self.photo_numbers:
            self.fields[f"photo_{number}"] = forms.FileField(
                label=_("Photo %(number)d") % {"number": number},
                required=False,
                widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
                help_text=_("JPEG, PNG or WebP, at most 10 MB. Only show people who agreed to it.")
                if number == 1
                else "",
            )
            self.fields[f"alt_{number}"] = forms.CharField(
                label=_("What is in photo %(number)d?") % {"number": number},
                max_length=160,
                required=False,
                help_text=_("For people who can't see the photo.") if number == 1 else "",
            )

    def read_photos(self, cleaned):
        """Fill `photos` with what was sent; what is wrong with one is said beside it. Returns how many were sent."""
        self.photos = []
        sent = [number for number in self.photo_numbers if cleaned.get(f"photo_{number}")]
        for number in sent:
            alt = cleaned.get(f"alt_{number}", "")
            if not alt and f"alt_{number}" not in self.errors:
                self.add_error(f"alt_{number}", _("Say in a few words what is in the photo."))
            try:
                self.photos.append((read_photo(cleaned[f"photo_{number}"]), alt))
            except ValidationError as error:
                self.add_error(f"photo_{number}", error)
        return len(sent)

    def ask_for_photos_again(self):
        """A browser doesn't keep chosen files when a form comes back: say so beside each, or people think it was sent."""
        for number in self.photo_numbers:
            name = f"photo_{number}"
            if self.files.get(name) and name not in self.errors:
                self.add_error(name, _("Choose this photo again. Your browser doesn't keep it."))

    @property
    def photo_rows(self):
        """The first photo apart from the others: mostly there is one or none."""
        rows = [(self[f"photo_{number}"], self[f"alt_{number}"]) for number in self.photo_numbers]
        return {"first": rows[0], "others": rows[1:], "others_in_use": any(p.errors or a.errors for p, a in rows[1:])}
