from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People")

    def ready(self):
        from allauth.account.signals import email_changed

        from accounts.adapter import keep_session_after_new_email

        email_changed.connect(keep_session_after_new_email, dispatch_uid="keep_session")
