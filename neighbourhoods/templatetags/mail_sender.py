"""Who signs the mails of the site."""

from django import template
from django.utils.translation import gettext as _

from neighbourhoods.context_processors import the_municipality

register = template.Library()


@register.simple_tag
def mail_sender():
    """For instance "Gemeente Voorbeeldstad"; before the municipality is set up the name of the site."""
    municipality = the_municipality()
    return _("Municipality of %(name)s") % {"name": municipality.name} if municipality else "Wijkportaal"
