"""A desk: a workspace into which a test lays files, and which pulls them in as a refresh does."""

import gzip
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from pipelines.engines.duckdb import Session
from pipelines.refresh import pull_in
from pipelines.sources import quarantine
from pipelines.sources.importing import FileReport, Importer
from pipelines.sources.in_force import in_force_sql
from pipelines.sources.landing import Landing
from pipelines.sources.tables import TABLES
from pipelines.workspace import load

DATA = Path(__file__).parents[1] / "data"
NOW = datetime(2026, 6, 30, tzinfo=UTC)


class Desk:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sources("")

    def sources(self, text: str, product: str = 'timezone = "UTC"\ncurrency = "EUR"') -> None:
        """The [[source]] blocks of launchloop.toml."""
        head = f'[product]\nname = "Desk"\n{product}\n'
        (self.folder / "launchloop.toml").write_text(head + text, encoding="utf-8")

    def source(self, name: str, *more: str, zone: str = "UTC") -> None:
        """One source without a mapping, with further lines; "" leaves its zone out."""
        lines = [f'name = "{name}"', 'files = "in/*"', *more]
        if zone:
            lines.append(f'timezone = "{zone}"')
        self.sources("\n".join(["[[source]]", *lines, ""]))

    def lay(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def mapping(self, text: str, source: str = "", files: str = "in/*") -> None:
        """One source with a mapping of its own."""
        self.lay("m.toml", text)
        self.sources(f'[[source]]\nname = "s"\nfiles = "{files}"\nmapping = "m.toml"\n{source}')

    def pull_in(self, now: datetime = NOW) -> list[FileReport]:
        with (
            tempfile.TemporaryDirectory() as work,
            Importer.working_in(
                Path(work),
                load(self.folder),
                self.landing,
                self.folder / "quarantine",
                b"a key of the tests",
                now,
            ) as importer,
        ):
            reports = pull_in(importer, lambda _: None)
            importer.opened_before.save()
        for one in reports:
            counts = (one.loaded, one.updated, one.unchanged, one.dropped, one.quarantined)
            assert one.read == sum(counts), one
            assert min(counts) >= 0, one
        return reports

    def only(self) -> FileReport:
        """The report of the only file."""
        (report,) = self.pull_in()
        return report

    def laid(self, lines: list[str], name: str = "in/events.csv") -> FileReport:
        """The report of the only file, laid as these lines."""
        self.lay(name, "\n".join(lines) + "\n")
        return self.only()

    @property
    def landing(self) -> Landing:
        return Landing(self.folder / "landing")

    def rows(self, table: str, columns: str = "*", order: str = "all") -> list[tuple]:
        """What counts of a canonical table."""
        with Session() as session:
            sql = in_force_sql(self.landing, TABLES[table])
            return session.rows(f"select {columns} from ({sql}) order by {order}")

    def frame(self, table: str) -> pl.DataFrame:
        """What counts of a canonical table, without the marks of where it came from."""
        with Session() as session:
            sql = in_force_sql(self.landing, TABLES[table])
            columns = ", ".join(TABLES[table].column_names)
            return session.frame(f"select {columns} from ({sql}) order by all")

    def refused(self) -> list[dict]:
        """All quarantine entries."""
        ids = [known.import_id for known in self.landing.manifests]
        return list(quarantine.entries(self.folder / "quarantine", ids))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture(scope="session")
def real():
    """Gives real exports of tests/data as text, unpacked; the first lines only if asked."""

    def text(name: str, lines: int | None = None) -> str:
        path = DATA / name
        packed = path.read_bytes()
        whole = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode()
        return "".join(whole.splitlines(keepends=True)[:lines])

    return text
