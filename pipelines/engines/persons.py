"""Whose rows have to be told anew after some days changed, and telling them.

A model kept `by person` says of each person what follows from that person's rows alone, so it can
be run on the rows of a few and gives the same as a run on all.
"""

import re
from collections.abc import Set
from datetime import date

from pipelines.engines.definition import Model
from pipelines.engines.duckdb import Session

# Who is who, and who did something on which day: what tells the touched from the others.
ACTORS, ACTOR_DAYS = "activity.actors", "activity.actor_days"
# Above this share, taking rows out and putting them in again costs more than building the table.
MAX_SHARE = 0.4


class TouchedPersons:
    """The persons whose events or ids differ from the last snapshot's.

    Args:
        session: The build, with the last snapshot attached as `previous`; `ACTORS` and
            `ACTOR_DAYS` are built.
        days: Local days whose events differ.
    """

    def __init__(self, session: Session, days: Set[date]) -> None:
        """Lists them in a database beside the build, which goes with the connection."""
        self._session = session
        self._narrowed: set[str] = set()
        session.execute("attach ':memory:' as touched")
        for schema in ("activity", "marts"):
            session.execute(f"create schema touched.{schema}")
        listed = ", ".join(f"date '{day.isoformat()}'" for day in sorted(days)) or "null"
        session.execute(
            f"""
            create table touched.persons as
            with active as (
                select actor_key from {ACTOR_DAYS} where day_on in ({listed})
                union
                select actor_key from previous.{ACTOR_DAYS} where day_on in ({listed})
            ),
            both_times as (
                select * from {ACTORS} union all select * from previous.{ACTORS}
            ),
            moved as (
                select actor_key from (
                    select actor_key, person_key, is_excluded from both_times
                    group by all having count(*) = 1
                )
            )
            select distinct person_key from both_times
            where actor_key in (select actor_key from active)
                or actor_key in (select actor_key from moved)
            """
        )
        session.execute(
            f"""
            create table touched.actors as
            select actor_key from {ACTORS}
            where person_key in (select person_key from touched.persons)
            """
        )
        self.count = int(session.value("select count(*) from touched.persons"))
        everyone = int(session.value(f"select count(distinct person_key) from {ACTORS}"))
        self.are_few = self.count <= MAX_SHARE * everyone

    def rebuild(self, model: Model, sql: str) -> str:
        """Replaces the touched persons' rows of a model; returns the condition they meet.

        Args:
            model: Kept by person; its table holds the last snapshot's rows.
            sql: Its SELECT.
        """
        for name in sorted(model.reads):
            if self._narrow(name):
                sql = re.sub(rf"(?<![\w.]){re.escape(name)}\b", f"touched.{name}", sql)
        changed = f"{model.person_column} in (select person_key from touched.persons)"
        self._session.execute(f"delete from {model.name} where {changed}")
        self._session.execute(f"insert into {model.name} by name {sql}")
        return changed

    def _narrow(self, name: str) -> bool:
        """Puts a table's rows of the touched persons aside; False if its rows are nobody's."""
        if name in self._narrowed:
            return True
        schema, _, table = name.partition(".")
        if schema not in {"activity", "marts"}:
            return False
        columns = {row[0] for row in self._session.rows(f"describe {name}")}
        if "person_key" in columns:
            condition = "person_key in (select person_key from touched.persons)"
        elif "actor_key" in columns:
            condition = "actor_key in (select actor_key from touched.actors)"
        else:
            return False
        self._session.execute(
            f"create table touched.{schema}.{table} as select * from {name} where {condition}"
        )
        self._narrowed.add(name)
        return True
