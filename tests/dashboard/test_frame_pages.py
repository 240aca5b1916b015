"""The frame's script parts, run by Streamlit's own test runner."""

import base64
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from dashboard import sections
from dashboard.headers import content_security_policy, inline_script_hashes
from dashboard.page_shell import SCRIPT

BROWSER = Path(__file__).parents[1] / "browser"


@pytest.fixture
def gallery(monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    monkeypatch.syspath_prepend(str(BROWSER))
    yield AppTest.from_file(str(BROWSER / "gallery.py"), default_timeout=60)
    sys.modules.pop("rows", None)


def test_every_component_opens(gallery: AppTest) -> None:
    gallery.run()
    assert not gallery.exception
    assert [metric.value for metric in gallery.metric][1] == "4 of 9"
    assert [item.value for item in gallery.header][0].startswith("Activation rate rose")


def test_the_table_takes_the_place_of_the_chart(gallery: AppTest) -> None:
    gallery.query_params["activation_as"] = "Table"
    gallery.run()
    assert not gallery.exception
    assert len(gallery.dataframe) == 1
    assert gallery.dataframe[0].value.columns[0] == "period"


def test_a_link_may_say_anything(gallery: AppTest) -> None:
    gallery.query_params["period"] = "=1+1"
    gallery.query_params["segment"] = "<b>"
    gallery.query_params["survey"] = "x" * 5000
    gallery.run()
    assert not gallery.exception


def failing_page(message: str, *, is_ours: bool) -> None:
    from dashboard.page_error import page_failed  # noqa: PLC0415 (the runner copies the body)
    from pipelines.errors import SnapshotError  # noqa: PLC0415

    page_failed(SnapshotError(message) if is_ours else RuntimeError(message))


def test_an_error_that_a_person_can_mend_is_shown_in_its_words() -> None:
    arguments = {"message": "run `launchloop refresh`", "is_ours": True}
    page = AppTest.from_function(failing_page, kwargs=arguments).run()
    assert page.error[0].value == "run \\`launchloop refresh\\`"


def test_any_other_error_shows_no_detail() -> None:
    arguments = {"message": "secret path", "is_ours": False}
    page = AppTest.from_function(failing_page, kwargs=arguments).run()
    assert "secret path" not in page.error[0].value


def test_a_page_is_listed_only_for_its_roles(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = sections.View("", "Launch", "launch.py", "", ":material/home:")
    unseen = sections.View("Data", "Secret", "x.py", "x", ":material/home:", roles=frozenset())
    monkeypatch.setattr(sections, "VIEWS_IN_ORDER", (seen, unseen))
    assert sections.views_for(sections.Role.LOCAL) == {"": [seen]}


def test_the_policy_allows_exactly_the_scripts_that_streamlit_ships() -> None:
    page = Path(streamlit.__file__).parent / "static" / "index.html"
    body = page.read_text().split("<script>")[1].split("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
    assert inline_script_hashes(page.read_text()) == (f"'sha256-{digest}'",)
    own = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    policy = content_security_policy()
    assert f"script-src 'self' 'sha256-{own}' 'sha256-{digest}';" in policy
    assert "http" not in policy
