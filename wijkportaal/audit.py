"""The brick under every app's history: who did what, when and why, written in the action's own transaction."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """One thing that happened. Rows are only ever added: the database refuses change (wijkportaal.append_only).

    `kind` is the verb of the workflow. `reason` is what a person wrote. `data` holds plain figures and names for the timeline,
    never personal data. `is_public` says whether visitors see the row. `key` names the form that was sent, so that the same form sent
    twice has one effect: UNIQUE(actor, key).
    """

    kind = models.CharField(max_length=40)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name=_("who")
    )
    actor_role = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    is_public = models.BooleanField(default=True)
    at = models.DateTimeField()
    key = models.UUIDField(null=True)

    class Meta:
        abstract = True
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="%(class)s_once")]
