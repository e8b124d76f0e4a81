from __future__ import annotations

from wtforms import BooleanField, EmailField, HiddenField, PasswordField, SelectField, StringField

from insights.core.access import ROLE_LABELS, Role
from insights.people.passwords import SHORTEST
from research_hub.web.forms import HubForm

GOOD_PASSWORD = f"At least {SHORTEST} characters. A few words that only you put together are good."


class SignInForm(HubForm):
    email = EmailField("E-mail address")
    password = PasswordField("Password")


class PasswordForm(HubForm):
    current = PasswordField("Your password now")
    password = PasswordField("New password", description=GOOD_PASSWORD)
    again = PasswordField("New password once more")


class CodeForm(HubForm):
    code = StringField("Code from your app", description="Six digits. You can paste them.")


class RecoveryForm(HubForm):
    recovery = StringField("Recovery code", description="One of the ten that you kept, such as 7Q2M-K4TX-9B0C.")


class ConfirmForm(HubForm):
    password = PasswordField("Your password")
    code = StringField("Code from your app, or a recovery code", description="You can paste it.")


class PasskeyForm(HubForm):
    """`credential` is what the browser answers, as JSON; a script fills it in."""

    credential = HiddenField()


class NewPasskeyForm(PasskeyForm):
    name = StringField(
        "Name of the new passkey", description="To tell it from others, such as ‘work laptop’ or ‘blue key’."
    )


class InviteForm(HubForm):
    email = EmailField("E-mail address")
    role = SelectField(
        "Role",
        choices={role.value: ROLE_LABELS[role] for role in Role},
        default=Role.READER.value,
        validate_choice=False,
    )
    team_id = SelectField("Team", validate_choice=False)
    administers_area = BooleanField(
        "Administers their area", description="Looks after the members and settings of their own team."
    )


class AcceptForm(HubForm):
    name = StringField("Your name", description="As colleagues know you.")
    password = PasswordField("Choose a password", description=GOOD_PASSWORD)
    again = PasswordField("The password once more")


class AskForm(HubForm):
    email = EmailField("E-mail address")


class NewPasswordForm(HubForm):
    password = PasswordField("New password", description=GOOD_PASSWORD)
    again = PasswordField("New password once more")
