"""Where allauth asks how this site wants it."""

import logging

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from accounts.mail import queue_message

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Addresses in lower case, one-line subjects, codes that are not lost with a mail server, and messages in our own words."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "duplicate_email": _("This is already your e-mail address."),
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "email_taken": _("This e-mail address can't be used."),
        "enter_current_password": _("Type the password that you have now."),
        "incorrect_code": _("This code is not right. Look in your mail and type the newest code."),
        "incorrect_password": _("This password is not right."),
        "too_many_login_attempts": _("That went wrong too often. Wait a few minutes and try again."),
        "rate_limited": _("You just asked for a code. Wait a minute and try again."),
        "same_as_current": _("This is already your e-mail address."),
    }

    def clean_email(self, email):
        return super().clean_email(email).lower()

    def format_email_subject(self, subject):
        return " ".join(super().format_email_subject(subject).split())

    def is_safe_url(self, url):
        """Only addresses on the host that was asked: other allowed hosts aren't ours to send someone to."""
        return is_own_url(allauth_context.request, url)

    def get_password_change_redirect_url(self, request):
        return reverse("accounts:me")

    def get_email_verification_redirect_url(self, email_address):
        return reverse("accounts:me" if allauth_context.request.user.is_authenticated else "account_login")

    def send_mail(self, template_prefix, email, context):
        """Send at once, because someone waits for it; when the mail server refuses, the worker tries again (accounts.mail)."""
        about = {"email": email, "site_url": settings.SITE_URL, "request": allauth_context.request}
        if "signup_url" in context:
            # allauth makes it from the host of the request; links in mails come from SITE_URL alone.
            context = context | {"signup_url": settings.SITE_URL + reverse("account_signup")}
        message = self.render_mail(template_prefix, email, about | context)
        try:
            message.send()
        except OSError as error:  # SMTPException is one too
            log.warning("A mail of %s could not be sent at once: %s", template_prefix, error)
            queue_message(message, now=timezone.now())


def is_own_url(request, url):
    """Whether `url` stays on this site, so that a `next` may be followed."""
    return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())


def keep_session_after_new_email(request, user, from_email_address, **kwargs):
    """Receiver of allauth's email_changed: a new address ends all sessions (User._get_session_auth_hash); this browser stays in."""
    if from_email_address and request.user == user:
        update_session_auth_hash(request, user)
