"""launchloop.toml as frozen settings, with the line of what is wrong in it."""

from pipelines.workspace.environment import resolved
from pipelines.workspace.loading import load
from pipelines.workspace.matches import ANY_EVENT, EventMatch, Segment
from pipelines.workspace.measures import (
    ColumnMeasure,
    CountOf,
    Measure,
    OwnMetric,
    QuantileOf,
    RatioOf,
    ShareOf,
)
from pipelines.workspace.sections import Activation, Feature, Funnel, Launch, Product, Retention
from pipelines.workspace.settings import FILE_NAME, Workspace
from pipelines.workspace.sources import Scale, SourceSettings, Survey
from pipelines.workspace.targets import Target, TargetPoint
from pipelines.workspace.template import template

__all__ = [
    "ANY_EVENT",
    "Activation",
    "ColumnMeasure",
    "CountOf",
    "EventMatch",
    "FILE_NAME",
    "Feature",
    "Funnel",
    "Launch",
    "Measure",
    "OwnMetric",
    "Product",
    "QuantileOf",
    "RatioOf",
    "Retention",
    "Scale",
    "Segment",
    "ShareOf",
    "SourceSettings",
    "Survey",
    "Target",
    "TargetPoint",
    "Workspace",
    "load",
    "resolved",
    "template",
]
