"""The tables of launchloop.toml about running: snapshots, schedule, messages, engine, records."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator

from pipelines.workspace.environment import is_reference
from pipelines.workspace.frozen import Frozen
from pipelines.workspace.values import (
    Count,
    Cron,
    Positive,
    SettingError,
    Text,
    as_list,
    nearest,
    shown,
)

# Apprise's plain web hooks: every other service carries its token in the URL.
OPEN_SCHEMES = ("json", "xml", "form")
# What messages are about; each kind can be asked for by its word.
NOTICES = (
    "refresh_failed",
    "import_held",
    "check_due",
    "follow_up_overdue",
    "guard_rail_breach",
    "digest",
)
TOLD_BY_DEFAULT = NOTICES[:-1]


def _without_secret(url: str) -> str:
    if re.match(r"[^:/]+://[^/@]*:[^/@]+@", url):
        raise SettingError('holds a password; set it in the environment and write "env:NAME"')
    return url


def _hook(url: str) -> str:
    scheme = url.partition("://")[0].removesuffix("s")
    if not is_reference(url) and scheme not in OPEN_SCHEMES:
        raise SettingError('may hold a token; set it in the environment and write "env:NAME"')
    return _without_secret(url)


def _notice(word: str) -> str:
    if word not in NOTICES:
        raise SettingError(f"{shown(word)} is nothing to tell of; {nearest(word, [*NOTICES])}")
    return word


class Snapshots(Frozen):
    """`[snapshots]`: how many to keep, and the last of how many months."""

    keep: Positive = 30
    keep_monthly: Count = 12


class Schedule(Frozen):
    """`[schedule]`: when to refresh, in the reporting zone."""

    cron: Cron | None = None


class Notify(Frozen):
    """`[notify]`: whom to tell, by addresses of Apprise, and of what, by words of `NOTICES`."""

    urls: Annotated[
        tuple[Annotated[Text, AfterValidator(_hook)], ...], BeforeValidator(as_list)
    ] = ()
    on: Annotated[
        tuple[Annotated[Text, AfterValidator(_notice)], ...], BeforeValidator(as_list)
    ] = TOLD_BY_DEFAULT


class Engine(Frozen):
    """`[engine]`: what runs the models."""

    name: Literal["duckdb", "spark"] = "duckdb"
    master: Text | None = None
    storage: Text | None = None


class Records(Frozen):
    """`[records]`: where reviews and decisions are stored."""

    url: Annotated[Text, AfterValidator(_without_secret)] = "sqlite:///records.db"
