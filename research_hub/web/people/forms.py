from __future__ import annotations

from wtforms import (
    BooleanField,
    EmailField,
    FloatField,
    HiddenField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    URLField,
)
from wtforms.validators import Optional

from insights.core.access import ROLE_LABELS, Role
from insights.people.models import ComponentKind, Phase
from insights.people.passwords import SHORTEST
from research_hub.web.forms import DayField, HubForm
from research_hub.web.words import words

ROLES = {role.value: ROLE_LABELS[role] for role in Role}
PHASES = {phase.value: words(phase).capitalize() for phase in Phase}
KINDS = {kind.value: words(kind).capitalize() for kind in ComponentKind}


class MemberForm(HubForm):
    email = EmailField("E-mail address")
    name = StringField("Name")
    role = SelectField("Role", choices=ROLES, default=Role.READER.value, validate_choice=False)
    team_id = SelectField("Team", validate_choice=False)
    administers_area = BooleanField(
        "Administers their area", description="Looks after the members and settings of their own team."
    )
    password = PasswordField(
        "First password", description=f"At least {SHORTEST} characters. They can change it under ‘Your account’."
    )


class RoleForm(HubForm):
    role = SelectField("Role", choices=ROLES, validate_choice=False)


class NewPasswordForm(HubForm):
    password = PasswordField(
        "New password", description=f"At least {SHORTEST} characters. It ends every session they have open."
    )


class NewTeamForm(HubForm):
    name = StringField("Name of the team")
    is_central = BooleanField("Central team", description="Its members work across all areas.")


class TeamForm(HubForm):
    review_required = BooleanField(
        "A second person reviews each insight", description="An insight is published only after someone else agreed."
    )
    usability = FloatField("Usability", validators=[Optional()])
    behaviour = FloatField("Behaviour", validators=[Optional()])
    attitude_need = FloatField("Attitude or need", validators=[Optional()])
    legal_demographic = FloatField("Legal or demographic", validators=[Optional()])


class ServiceForm(HubForm):
    name = StringField("Name", description="As the public knows it, for example ‘Book a screening’.")
    description = TextAreaField("What it is for")
    phase = SelectField("Phase", choices=PHASES, validate_choice=False)
    team_id = SelectField("Team", validate_choice=False)
    senior_responsible_owner = StringField("Senior responsible owner")
    assessed_on = DayField("Last assessed on")
    row_version = HiddenField()


class ComponentForm(HubForm):
    name = StringField("Name", description="For example ‘Address lookup’ or ‘Invitation letter’.")
    kind = SelectField("Kind", choices=KINDS, validate_choice=False)
    version = StringField("Version")
    url = URLField("Where it is described")
    services = SelectMultipleField("Services that use it", validate_choice=False)
    row_version = HiddenField()


class ComponentChangeForm(HubForm):
    on = DayField("It changed on", description="Today, where you leave it empty.")
    version = StringField("New version", description="Or nothing, where it has none.")
    what = StringField("What changed", description="In a sentence, for those who look again.")
