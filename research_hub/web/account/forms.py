from __future__ import annotations

from wtforms import EmailField, PasswordField

from insights.people.passwords import SHORTEST
from research_hub.web.forms import HubForm


class SignInForm(HubForm):
    email = EmailField("E-mail address")
    password = PasswordField("Password")


class PasswordForm(HubForm):
    current = PasswordField("Your password now")
    password = PasswordField(
        "New password", description=f"At least {SHORTEST} characters. A few words that only you put together are good."
    )
    again = PasswordField("New password once more")
