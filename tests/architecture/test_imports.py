"""Who may import whom: the contracts of pyproject.toml hold, and each of them bites."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")

HOUSE = [
    "pipelines.cli",
    "pipelines.errors",
    "pipelines.read",
    "pipelines.refresh",
    "pipelines.warehouse",
    "pipelines.engines.duckdb",
    "pipelines.metrics.usage",
    "pipelines.reviews.check.measuring",
    "pipelines.reviews.core.cycle",
    "pipelines.reviews.desk",
    "pipelines.reviews.records.store",
    "pipelines.reviews.rules.plan_rules",
    "pipelines.sources.jira",
    "pipelines.sources.tables",
    "pipelines.stats.means",
    "pipelines.workspace.settings",
    "dashboard.command",
    "dashboard.data",
    "dashboard.format",
    "dashboard.charts.trend",
    "dashboard.components.filters",
    "dashboard.views.launch",
    "sample_data.generate.events",
]

FORBIDDEN = [
    ("downwards", "pipelines.refresh", "dashboard.data"),
    ("downwards", "pipelines.cli", "dashboard.command"),
    ("downwards", "sample_data.generate.events", "pipelines.read"),
    ("no_screen", "pipelines.cli", "streamlit"),
    ("few_doors", "dashboard.views.launch", "pipelines.read"),
    ("few_doors", "dashboard.data", "pipelines.warehouse"),
    ("few_doors", "dashboard.data", "pipelines.stats.means"),
    ("few_doors", "dashboard.components.filters", "pipelines.refresh"),
    ("one_store", "pipelines.read", "duckdb"),
    ("one_store", "pipelines.sources.jira", "duckdb"),
    ("one_store", "dashboard.data", "duckdb"),
    ("pure_core", "pipelines.metrics.usage", "pathlib"),
    ("pure_core", "pipelines.stats.means", "os"),
    ("pure_core", "dashboard.charts.trend", "streamlit"),
    ("pure_core", "dashboard.format", "sqlite3"),
    ("metrics_declare", "pipelines.metrics.usage", "pipelines.warehouse"),
    ("metrics_declare", "pipelines.metrics.usage", "pipelines.sources.jira"),
    ("one_record_store", "pipelines.reviews.desk", "sqlalchemy"),
    ("pure_core", "pipelines.reviews.core.cycle", "tempfile"),
    ("plain_reviews", "pipelines.reviews.core.cycle", "pipelines.reviews.records.store"),
    ("plain_reviews", "pipelines.reviews.check.measuring", "pipelines.read"),
    ("plain_reviews", "pipelines.reviews.rules.plan_rules", "pipelines.reviews.desk"),
    ("plain_statistics", "pipelines.stats.means", "pipelines.errors"),
    ("charts_draw", "dashboard.charts.trend", "dashboard.components.filters"),
    ("views_arrange", "dashboard.views.launch", "polars"),
]

ALLOWED = [
    ("dashboard.data", "pipelines.read"),
    ("dashboard.command", "pipelines.cli"),
    ("dashboard.views.launch", "pipelines.errors"),
    ("dashboard.components.filters", "pipelines.metrics.usage"),
    ("dashboard.command", "sample_data.generate"),
    ("pipelines.warehouse", "duckdb"),
    ("pipelines.engines.duckdb", "duckdb"),
    ("pipelines.metrics.usage", "pipelines.stats.means"),
    ("pipelines.metrics.usage", "pipelines.workspace.settings"),
    ("pipelines.metrics.usage", "pipelines.sources.tables"),
    ("pipelines.reviews.check.measuring", "pipelines.stats.means"),
    ("pipelines.reviews.rules.plan_rules", "pipelines.reviews.core.cycle"),
    ("pipelines.reviews.records.store", "sqlalchemy"),
    ("dashboard.charts.trend", "polars"),
]


def lint_imports(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT_IMPORTS, "--no-logo", "--no-cache", *options],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def house(tmp_path):
    """An empty house of our layout, under our contracts; returns how to add an import."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for module in HOUSE:
        file = tmp_path / (module.replace(".", "/") + ".py")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    for folder in {file.parent for file in tmp_path.rglob("*.py")}:
        (folder / "__init__.py").touch()

    def add_import(importer: str, imported: str) -> None:
        with (tmp_path / (importer.replace(".", "/") + ".py")).open("a") as file:
            file.write(f"import {imported}\n")

    add_import.folder = tmp_path
    return add_import


def test_the_house_keeps_every_contract():
    outcome = lint_imports(ROOT)
    assert outcome.returncode == 0, outcome.stdout


@pytest.mark.parametrize(("contract", "importer", "imported"), FORBIDDEN)
def test_a_forbidden_import_breaks_its_contract(house, contract, importer, imported):
    house(importer, imported)
    outcome = lint_imports(house.folder, "--contract", contract)
    assert outcome.returncode == 1
    assert f"{importer} -> {imported}" in outcome.stdout


def test_the_imports_that_the_design_names_break_nothing(house):
    for importer, imported in ALLOWED:
        house(importer, imported)
    outcome = lint_imports(house.folder)
    assert outcome.returncode == 0, outcome.stdout
