"""How every form of the site looks: one renderer for plain Django forms and one template for a field.

Nothing has to be done in a form for this: ``{{ form }}`` in a template gives labels, descriptions, errors and an
error summary in the markup of the design system. ``{% crispy form %}`` uses the same field template through the
crispy pack in ``templates/wijkportaal/``; ``PortalFormMixin`` gives it a helper with a button.
"""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.forms import widgets
from django.forms.renderers import TemplatesSetting
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from wijkportaal.money import EuroInput

_TEXTBOX = "utrecht-textbox utrecht-textbox--html-input"
_CHECKBOX = "utrecht-checkbox utrecht-checkbox--html-input utrecht-checkbox--custom"

# First match counts, so a subclass stands before its base class.
_KINDS = (
    (forms.CheckboxSelectMultiple, "checkboxes", _CHECKBOX),
    (forms.RadioSelect, "radio", "utrecht-radio-button utrecht-radio-button--html-input"),
    (forms.CheckboxInput, "checkbox", _CHECKBOX),
    (forms.FileInput, "file", "wp-file"),
    (forms.Textarea, "textarea", "utrecht-textarea utrecht-textarea--html-textarea"),
    (forms.Select, "select", "utrecht-select utrecht-select--html-select"),
    (forms.DateInput, "date", f"{_TEXTBOX} wp-input--short"),
    (forms.DateTimeInput, "date", f"{_TEXTBOX} wp-input--medium"),
    (forms.TimeInput, "date", f"{_TEXTBOX} wp-input--short"),
    (forms.NumberInput, "number", f"{_TEXTBOX} wp-input--short"),
    (forms.MultiWidget, "group", _TEXTBOX),
    (forms.SelectDateWidget, "group", "utrecht-select utrecht-select--html-select"),
    (widgets.Input, "text", _TEXTBOX),
)

# The browser's own pickers want ISO values, whatever the language of the page.
_NATIVE_PICKERS = {
    forms.DateInput: ("date", "%Y-%m-%d"),
    forms.DateTimeInput: ("datetime-local", "%Y-%m-%dT%H:%M"),
    forms.TimeInput: ("time", "%H:%M"),
}


class PortalBoundField(forms.BoundField):
    """A field that knows the class names its widget needs and how ``field.html`` should lay it out."""

    def __init__(self, form, field, name):
        super().__init__(form, field, name)
        picker = _NATIVE_PICKERS.get(type(field.widget))
        if picker:
            field.widget.input_type, field.widget.format = picker

    @cached_property
    def kind(self):
        """One of text, textarea, select, radio, checkboxes, checkbox, file, date, number, euro, group."""
        if self.affix:
            return "euro"
        return self._kind_and_class[0]

    @cached_property
    def affix(self):
        """What stands before the box: the euro sign before an amount, nothing before anything else."""
        return "€" if isinstance(self.field.widget, EuroInput) else ""

    @property
    def is_group(self):
        """True if the field is several inputs, which need a fieldset with a legend rather than a label."""
        return self.use_fieldset

    @cached_property
    def _kind_and_class(self):
        for widget_class, kind, css_class in _KINDS:
            if isinstance(self.field.widget, widget_class):
                return kind, css_class
        return "text", ""

    def build_widget_attrs(self, attrs, widget=None):
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        if widget.is_hidden:
            return attrs
        classes = [widget.attrs.get("class", ""), attrs.get("class", ""), self._kind_and_class[1]]
        if self.affix:
            classes.append("wp-input--short")
            attrs.setdefault("inputmode", "decimal")
            attrs.setdefault("autocomplete", "off")
        if self.errors:
            classes += [f"{name}--invalid" for name in self._kind_and_class[1].split()[:1]]
        attrs["class"] = " ".join(filter(None, classes))
        if self.is_group:
            # Said once, on the fieldset: a radio button has no such state of its own.
            attrs.pop("aria-invalid", None)
        return attrs


class Renderer(TemplatesSetting):
    """The ``FORM_RENDERER`` of the site."""

    form_template_name = "wijkportaal/form.html"
    formset_template_name = "wijkportaal/formset.html"
    field_template_name = "wijkportaal/field.html"
    bound_field_class = PortalBoundField


class PortalFormMixin:
    """For forms shown with ``{% crispy form %}``: the whole form with its token, summary and button.

    ``submit_label`` is the text on the button; set it on the class or on the form.
    """

    submit_label = _("Save")

    @property
    def helper(self):
        helper = FormHelper()
        helper.form_class = "wp-form"
        helper.attrs = {"novalidate": ""}
        helper.add_input(Submit("submit", self.submit_label))
        return helper
