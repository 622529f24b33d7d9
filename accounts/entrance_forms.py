"""allauth's forms in our words: a label above each field instead of a hint inside it, digits on the keyboard of a phone for a code."""

from allauth.account import forms as allauth_forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

# Asked for with ?met=wachtwoord; the plain page only asks for an address and mails a code.
WITH_PASSWORD = ("met", "wachtwoord")

LABELS = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "password": _("Password"),
    "oldpassword": _("The password you have now"),
    "password1": _("New password"),
    "password2": _("New password, once more"),
    "code": _("Code"),
}


class _OurWords:
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
            if name in {"login", "email"}:  # what the column holds, and a limit for the rest
                field.validators.append(MaxLengthValidator(254))
            elif "password" in name:
                field.validators.append(MaxLengthValidator(1000))
        if "code" in self.fields:
            self.fields["code"].help_text = _("Eight digits, like 1234-5678.")
            self.fields["code"].widget.attrs |= {"inputmode": "numeric", "maxlength": "20"}


class LoginForm(_OurWords, allauth_forms.LoginForm):
    """An address to mail a code to; with a password too, when someone chose that page or sends one."""

    def _setup_password_field(self):
        name, value = WITH_PASSWORD
        if "password" not in self.request.POST and self.request.GET.get(name) != value:
            super()._setup_password_field()
        else:
            self.fields["password"].help_text = ""  # the page has the way out for who forgot it beside the button


class SignupForm(_OurWords, allauth_forms.SignupForm):
    pass


class RequestLoginCodeForm(_OurWords, allauth_forms.RequestLoginCodeForm):
    pass


class ConfirmLoginCodeForm(_OurWords, allauth_forms.ConfirmLoginCodeForm):
    pass


class ConfirmEmailVerificationCodeForm(_OurWords, allauth_forms.ConfirmEmailVerificationCodeForm):
    pass


class AddEmailForm(_OurWords, allauth_forms.AddEmailForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New e-mail address")
        self.fields["email"].help_text = _("We send a code to this address.")


class ChangePasswordForm(_OurWords, allauth_forms.ChangePasswordForm):
    pass


class SetPasswordForm(_OurWords, allauth_forms.SetPasswordForm):
    pass


class ResetPasswordForm(_OurWords, allauth_forms.ResetPasswordForm):
    pass


class ConfirmPasswordResetCodeForm(_OurWords, allauth_forms.ConfirmPasswordResetCodeForm):
    pass


class ResetPasswordKeyForm(_OurWords, allauth_forms.ResetPasswordKeyForm):
    pass


class ReauthenticateForm(_OurWords, allauth_forms.ReauthenticateForm):
    pass
