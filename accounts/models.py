"""Who you are: people with their e-mail address as login, and the mail that waits to be sent to them."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


def one_line(text):
    """Validator: a name stands in subjects of mails and in lists, so no line breaks or other characters that can't be seen."""
    if not text.isprintable():
        raise ValidationError(_("Use letters, digits and spaces on one line."), code="one_line")


class UserManager(BaseUserManager):
    def create_user(self, email, name="", password=None, **fields):
        """Make a person. `email` is stored in lower case; without a password only login by code works."""
        user = self.model(email=email.strip().lower(), name=name, **fields)
        user.set_password(password)
        user.full_clean()
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email):
        return self.get(email=email.lower())


class User(AbstractBaseUser):
    """A person with an account. Erasing anonymises the row; it never removes it from under what they did."""

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(
        _("your name"), max_length=80, validators=[one_line], help_text=_("This is how others see you on the site.")
    )
    language = models.CharField(
        _("language of your mail"), max_length=2, choices=[("nl", _("Dutch")), ("en", _("English"))], default="nl"
    )
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False, editable=False)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message=_("This e-mail address is already in use."),
            ),
            models.CheckConstraint(condition=models.Q(language__in=["nl", "en"]), name="user_language_known"),
        ]

    def __str__(self):
        return self.name or str(_("resident"))

    def save(self, *args, **kwargs):
        self.email = self.email.lower()
        super().save(*args, **kwargs)

    def _get_session_auth_hash(self, secret=None):
        """Sessions end when the password changes, and when the e-mail address does: with it comes the right to sign in."""
        key_salt = "accounts.User.get_session_auth_hash"
        return salted_hmac(key_salt, f"{self.password} {self.email}", secret=secret, algorithm="sha256").hexdigest()


def display_name(user):
    """How allauth's pages and mails call a person."""
    return str(user)


class MailQuerySet(models.QuerySet):
    def waiting(self, now):
        """Not sent yet and due, oldest first."""
        return self.filter(sent_at=None, given_up_at=None, not_before__lte=now).order_by("id")


class Mail(models.Model):
    """One mail to one person about one thing: the outbox. Written in the transaction of what it tells, sent by `send_mail`."""

    to = models.EmailField(max_length=254)
    recipient = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="mails")
    about = models.CharField(
        max_length=100, help_text="What this mail tells, like proposals.event:12; one mail a recipient."
    )
    subject = models.CharField(max_length=200)
    body = models.TextField()
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["to", "about"], name="mail_once")]
        indexes = [
            # The worker's question, every few seconds: what waits?
            models.Index(
                fields=["not_before"], name="mail_waiting", condition=models.Q(sent_at=None, given_up_at=None)
            ),
        ]

    def __str__(self):
        return self.subject
