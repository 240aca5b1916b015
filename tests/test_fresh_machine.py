""".ci/ on machines that lack something: they say what is missing, and what cures it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[1] / ".ci"


@pytest.fixture
def machine(tmp_path):
    """A machine with no program but those installed here; returns how to install and to run."""

    class Machine:
        def install(self, name: str, script: str) -> Path:
            program = tmp_path / name
            program.write_text(f"#!/bin/sh\n{script}\n")
            program.chmod(0o755)
            return program

        def install_python(self, name: str, pretence: str = "pass") -> Path:
            """This Python, after `pretence` has taken something away from it."""
            program = tmp_path / name
            tampered = tmp_path / f"{name}.py"
            tampered.write_text(
                f"import sys\nsys.executable = {str(program)!r}\n{pretence}\nexec(sys.argv[2])\n"
            )
            return self.install(name, f'exec "{sys.executable}" -I "{tampered}" "$@"')

        def run(self, tool: str, **environment: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                ["/bin/sh", TOOLS / tool],
                env={"PATH": str(tmp_path), **environment},
                capture_output=True,
                text=True,
                check=False,
            )

    return Machine()


OLD = "sys.version_info = (3, 9, 2)"
WITHOUT_VENV = "sys.modules['ensurepip'] = None"


def test_a_machine_without_python_is_told_what_to_install(machine):
    outcome = machine.run("find_python.sh")
    assert outcome.returncode == 1
    assert "Install Python 3.11 or newer" in outcome.stderr
    assert not outcome.stdout


def test_a_python_that_is_too_old_is_named(machine):
    old = machine.install_python("python3", OLD)
    outcome = machine.run("find_python.sh")
    assert outcome.returncode == 1
    assert f"{old} is Python 3.9; 3.11 or newer is needed." in outcome.stderr


def test_a_python_without_venv_is_named_with_the_package_that_cures_it(machine):
    bare = machine.install_python("python3", WITHOUT_VENV)
    outcome = machine.run("find_python.sh")
    assert outcome.returncode == 1
    assert f"{bare} is Python" in outcome.stderr
    assert "apt-get install python3-venv" in outcome.stderr


def test_in_ci_root_gets_venv_from_apt(machine):
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    whole = machine.install_python("whole")
    bare = machine.install_python(version, WITHOUT_VENV)
    machine.install("id", "echo 0")
    move = f"{_path_of('mv')} {whole} {bare}"
    machine.install("apt-get", f'case "$*" in *install*{version}-venv) {move} ;; esac')
    assert machine.run("find_python.sh").returncode == 1
    assert machine.run("find_python.sh", CI="true").stdout.strip() == str(bare)


def test_uv_needs_no_venv(machine):
    bare = machine.install_python("python3", WITHOUT_VENV)
    assert machine.run("find_python.sh", UV="/somewhere/uv").stdout.strip() == str(bare)


def test_an_old_python3_does_not_hide_a_newer_one(machine):
    machine.install_python("python3", OLD)
    newer = machine.install_python("python3.12")
    assert machine.run("find_python.sh").stdout.strip() == str(newer)


def test_a_shim_that_does_not_run_is_passed_over(machine):
    machine.install("python3", "echo no such version >&2; exit 127")
    works = machine.install_python("python3.11")
    outcome = machine.run("find_python.sh")
    assert outcome.stdout.strip() == str(works)
    assert not outcome.stderr


def test_a_person_can_choose_the_python(machine):
    machine.install_python("python3")
    chosen = machine.install_python("my_python")
    assert machine.run("find_python.sh", PYTHON=str(chosen)).stdout.strip() == str(chosen)


def test_a_chromium_that_does_not_run_is_passed_over(machine):
    machine.install("chromium", "exit 1")
    works = machine.install("google-chrome", "echo Chrome 1")
    assert machine.run("find_chromium.sh").stdout.strip() == str(works)


def test_a_person_can_choose_the_chromium(machine):
    machine.install("chromium", "echo Chromium 1")
    chosen = machine.install("my_chromium", "echo Chromium 2")
    assert machine.run("find_chromium.sh", CHROMIUM=str(chosen)).stdout.strip() == str(chosen)


@pytest.mark.skipif(sys.platform == "darwin", reason="a Mac's Chrome is found by its own path")
class TestNoChromium:
    def test_its_absence_is_said_with_the_cure(self, machine):
        outcome = machine.run("find_chromium.sh")
        assert outcome.returncode == 1
        assert "the browser tests cannot run" in outcome.stderr
        assert "apt-get install chromium" in outcome.stderr

    def test_root_gets_one_from_apt(self, machine):
        machine.install("id", "echo 0")
        new = machine.install("apt-get", "").with_name("chromium")
        machine.install(
            "apt-get",
            f'[ "$1" = install ] || exit 0\n'
            f'printf "#!/bin/sh\\n" >{new}\n{_path_of("chmod")} 755 {new}',
        )
        outcome = machine.run("find_chromium.sh")
        assert outcome.stdout.strip() == str(new)

    def test_nobody_else_asks_apt(self, machine):
        machine.install("id", "echo 1000")
        machine.install("apt-get", "echo apt was asked >&2; exit 1")
        outcome = machine.run("find_chromium.sh")
        assert outcome.returncode == 1
        assert "apt was asked" not in outcome.stderr


def _path_of(program: str) -> str:
    return next(
        found
        for folder in os.environ["PATH"].split(os.pathsep)
        if (found := f"{folder}/{program}") and os.access(found, os.X_OK)
    )
