"""Where allauth asks how this site wants it."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Addresses in lower case, one-line subjects."""

    def clean_email(self, email):
        return super().clean_email(email).lower()

    def format_email_subject(self, subject):
        return " ".join(super().format_email_subject(subject).split())
