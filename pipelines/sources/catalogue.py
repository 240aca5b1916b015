"""All presets. A new system is one file beside this one and one line here."""

from pipelines.sources import (
    deployments,
    devlake,
    git,
    google_forms,
    jira_rest,
    jira_sprints,
    jira_statuses,
    mixpanel,
    neutral,
    stripe,
    surveygizmo,
    surveymonkey,
    transactions,
    zendesk,
)
from pipelines.sources.definition import Preset

PRESETS: tuple[Preset, ...] = (
    *neutral.PRESETS,
    *deployments.PRESETS,
    *devlake.PRESETS,
    *git.PRESETS,
    *google_forms.PRESETS,
    *jira_rest.PRESETS,
    *jira_sprints.PRESETS,
    *jira_statuses.PRESETS,
    *mixpanel.PRESETS,
    *stripe.PRESETS,
    *surveygizmo.PRESETS,
    *surveymonkey.PRESETS,
    *transactions.PRESETS,
    *zendesk.PRESETS,
)


def preset(preset_id: str) -> Preset | None:
    """The preset of that id."""
    return next((found for found in PRESETS if found.id == preset_id), None)
