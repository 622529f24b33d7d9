"""What people do with their own account."""

from django.db import transaction


@transaction.atomic
def change_profile(user, *, name, language, now):
    """Keep the name others see and the language of one's mail. Raises ValidationError."""
    user.name, user.language = name, language
    user.full_clean(exclude=["password"])
    user.save(update_fields=["name", "language"])
    return user
