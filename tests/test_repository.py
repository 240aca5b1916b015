"""What a newcomer meets first: two commands, a licence, one lock for all, a whole wheel."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCK = (ROOT / "requirements.lock").read_text()
FIRST_SCREEN_LINES = 45
LEFT_BY_TOOLS = shutil.ignore_patterns("__pycache__", "*.pyc", ".*_cache", ".DS_Store")


@pytest.mark.parametrize("command", ["make demo", "make test"])
def test_the_first_screen_of_the_readme_has_both_commands(command):
    lines = (ROOT / "README.md").read_text().splitlines()[:FIRST_SCREEN_LINES]
    assert any(command in line for line in lines)


def test_make_alone_lists_every_target():
    listed = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    declared = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert declared
    assert re.findall(r"^make (\w+)", listed, re.MULTILINE) == declared[1].split()


def test_ci_runs_what_a_contributor_runs():
    script = ROOT / ".ci" / "run"
    assert script.read_text().splitlines()[-1] == "make test"
    assert os.access(script, os.X_OK)


def test_the_licence_is_apache_2_and_whole():
    text = (ROOT / "LICENSE").read_text()
    assert PROJECT["license"] == "Apache-2.0"
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_the_changelog_speaks_of_the_coming_or_this_version():
    text = (ROOT / "CHANGELOG.md").read_text()
    newest = re.search(r"^## (.+?)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert newest
    assert newest[1].startswith(("Unreleased", PROJECT["version"]))
    assert re.search(r"^- \w", newest[2], re.MULTILINE)


def test_every_pin_is_exact_and_hashed():
    pins = re.split(r"^(?=[a-z0-9])", re.sub(r"^#.*\n", "", LOCK, flags=re.MULTILINE), flags=re.M)
    pins = [pin for pin in pins if pin.strip()]
    assert len(pins) > len(PROJECT["dependencies"])
    for pin in pins:
        assert re.match(r"[a-z0-9.-]+==\S+ ", pin), pin
        assert "--hash=sha256:" in pin, pin


def test_the_lock_serves_linux_and_macos_alike():
    assert "sys_platform == 'linux'" not in LOCK
    # One wheel for each system and processor at the least, so as many hashes.
    systems_and_processors = 4
    duckdb = re.search(r"^duckdb==.*?(?=^[a-z])", LOCK, re.MULTILINE | re.DOTALL)
    assert duckdb
    assert duckdb[0].count("--hash") >= systems_and_processors


@pytest.mark.parametrize("file", ["requirements.lock", "pyproject.toml", "Makefile", ".ci"])
def test_nothing_names_a_package_index_or_somebodys_machine(file):
    place = ROOT / file
    for script in sorted(place.iterdir()) if place.is_dir() else [place]:
        text = script.read_text()
        assert not re.search(r"https?://|file:|(?<!no-emit)-index-url|/home/|/Users/|/root/", text)


def test_the_wheel_carries_all_that_is_read_at_run_time(tmp_path):
    packages = ("pipelines", "dashboard", "sample_data")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    for package in packages:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=LEFT_BY_TOOLS)
    subprocess.run(
        [sys.executable, "-c", "from setuptools import build_meta; build_meta.build_wheel('out')"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    (wheel,) = (tmp_path / "out").iterdir()
    carried = set(zipfile.ZipFile(wheel).namelist())
    ours = {
        path.relative_to(tmp_path).as_posix()
        for package in packages
        for path in (tmp_path / package).rglob("*")
        if path.is_file()
    }
    assert ours - carried == set()
