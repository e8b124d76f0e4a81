from __future__ import annotations

import pytest

from research_hub.web.forms import HubForm


@pytest.fixture(autouse=True)
def _forms_follow_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forms ask for a token where WTF_CSRF_ENABLED says so, as Flask-WTF's own do."""
    monkeypatch.delattr(HubForm.Meta, "csrf", raising=False)
