"""Runs models on DuckDB: everything, or what new rows and changed settings touched.

A model's state is the hash of its bound SQL and of the states of all it reads. Equal state, equal
table: it stays as the last snapshot left it, whose copy the build began as. Where inputs only
gained or lost imports, a model kept `by day` is rebuilt for the days of those imports alone, one
kept `by person` for the persons who did something on those days.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlglot import exp

from pipelines.engines.definition import Model
from pipelines.engines.duckdb import Session
from pipelines.engines.persons import ACTORS, TouchedPersons

VIEW, KEPT, BY_DAY, BY_PERSON, BUILT = "view", "kept", "by day", "by person", "built"


@dataclass(frozen=True)
class Inputs:
    """What models read beside each other.

    Attributes:
        states: Qualified input table → hash of what it holds.
        structure: The same, without the list of imports: what a `by day` model may not survive.
        touched: Landing table → days whose rows changed since the last build; None = unknown.
    """

    states: Mapping[str, str]
    structure: Mapping[str, str]
    touched: Mapping[str, frozenset[date] | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Previous:
    """The last snapshot, attached as `previous`.

    Attributes:
        states: Model → (state, structure) when it was built.
    """

    states: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Built:
    """What was done with one model.

    Attributes:
        how: "view", "kept", "built", or of how many days or persons the rows are new.
        changed: SQL condition that every row meets whose key the last snapshot did not have.
    """

    name: str
    state: str
    structure: str
    how: str
    changed: str


def digest(*parts: str) -> str:
    """A short stable hash of texts."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:24]


def run_models(
    session: Session,
    models: Sequence[Model],
    bindings: dict[str, exp.Expr],
    inputs: Inputs,
    previous: Previous | None,
    *,
    only_days: Callable[[frozenset[date] | None], None],
    progress: Callable[[str], None] | None = None,
) -> list[Built]:
    """Builds every model into the open database; returns what was done, in order.

    Args:
        session: Holds the inputs under their qualified names, and the tables of the last
            snapshot if there is one.
        models: In the order in which they can run.
        bindings: Of the `$parameters`.
        inputs: States of what the models read.
        previous: The last snapshot, or None to build everything.
        only_days: Narrows the landing views to what some days need; None widens them again.
        progress: Called with each model's name, if given.
    """
    states, structures = dict(inputs.states), dict(inputs.structure)
    touched: dict[str, frozenset[date] | None] = dict(inputs.touched)
    persons: TouchedPersons | None = None
    done = []
    for model in models:
        if progress:
            progress(model.name)
        sql = model.bound(bindings)
        state = digest(sql, *(f"{name} {states.get(name, '')}" for name in sorted(model.reads)))
        structure = digest(
            sql, *(f"{name} {structures.get(name, '')}" for name in sorted(model.reads))
        )
        # What is rebuilt as a whole changes its readers as a whole.
        is_followed = model.is_view or model.kept_by or model.person_column
        states[model.name] = state
        structures[model.name] = structure if is_followed else state
        days = touched[model.name] = _touched_days(model, touched)
        how = _how(model, (state, structure), days, previous)
        if how == BY_PERSON and persons is None:
            persons = TouchedPersons(session, days or frozenset())
        how, changed = _build(session, model, sql, how, days or frozenset(), persons, only_days)
        done.append(Built(model.name, state, structure, how, changed))
    return done


def _how(
    model: Model,
    state: tuple[str, str],
    days: frozenset[date] | None,
    previous: Previous | None,
) -> str:
    """What has to be done to have a model's rows."""
    known = previous.states.get(model.name) if previous else None
    if model.is_view:
        return VIEW
    if known and known[0] == state[0]:
        return KEPT
    if known and known[1] == state[1] and days is not None:
        if model.kept_by:
            return BY_DAY
        # Which persons are touched follows from the ids, which are told anew.
        if model.person_column and model.name != ACTORS:
            return BY_PERSON
    return BUILT


def _touched_days(
    model: Model, touched: Mapping[str, frozenset[date] | None]
) -> frozenset[date] | None:
    days: set[date] = set()
    for name in model.reads:
        if name in touched:
            found = touched[name]
            if found is None:
                return None
            days |= found
    return frozenset(days)


def _build(  # noqa: PLR0913, PLR0917
    session: Session,
    model: Model,
    sql: str,
    how: str,
    days: frozenset[date],
    persons: TouchedPersons | None,
    only_days: Callable[[frozenset[date] | None], None],
) -> tuple[str, str]:
    """How it came about, and which rows may have new keys."""
    if how == BY_DAY:
        only_days(days)
        changed = _rebuild_days(session, model, sql, days)
        only_days(None)
        return f"{len(days)} days", changed if model.kept_by in model.key else "true"
    if how == BY_PERSON and persons is not None and persons.are_few:
        changed = persons.rebuild(model, sql)
        return f"{persons.count} persons", changed if model.person_column in model.key else "true"
    if how == VIEW:
        session.execute(f"create or replace view {model.name} as {sql}")
        return VIEW, "false"
    if how == KEPT:
        return KEPT, "false"
    session.execute(f"create or replace table {model.name} as {sql}")
    return BUILT, "true"


def _rebuild_days(session: Session, model: Model, sql: str, days: frozenset[date]) -> str:
    """The touched days anew, the others as the last snapshot had them; which rows are new."""
    if not days:
        return "false"
    listed = ", ".join(f"date '{day.isoformat()}'" for day in sorted(days))
    changed = f"{model.kept_by} in ({listed})"
    session.execute(f"delete from {model.name} where {changed}")
    session.execute(f"insert into {model.name} by name select * from ({sql}) where {changed}")
    return changed
