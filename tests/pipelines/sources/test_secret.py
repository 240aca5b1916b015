"""The key of the pseudonyms: made once, kept apart, and never silently another one."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from pipelines.errors import KeyMismatchError
from pipelines.sources.secret import claim, load_secret, pseudonym


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.delenv("LAUNCHLOOP_KEY", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path / "launchloop"


def test_the_key_is_made_once_and_readable_by_its_owner_only(home):
    first = load_secret()
    assert load_secret() == first
    assert len(first) == 64
    assert (home / "key").stat().st_mode & 0o077 == 0
    assert [path.name for path in home.iterdir()] == ["key"]


def test_processes_that_start_together_agree_on_one_key():
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: load_secret(), range(16)))) == 1


def test_an_empty_key_file_is_refused_and_not_used_as_a_key(home):
    load_secret()
    (home / "key").write_text("")
    with pytest.raises(KeyMismatchError, match="is empty"):
        load_secret()


def test_a_workspace_refuses_ids_of_another_key(tmp_path):
    claim(tmp_path, b"one", write=True)
    claim(tmp_path, b"one", write=True)
    with pytest.raises(KeyMismatchError, match="hashed with another key"):
        claim(tmp_path, b"two", write=True)


def test_a_check_binds_no_workspace(tmp_path):
    claim(tmp_path / "landing", b"one", write=False)
    assert not (tmp_path / "landing").exists()


def test_spellings_of_an_address_give_one_pseudonym_and_other_ids_do_not():
    assert pseudonym(b"k", " Ada@Example.org ") == pseudonym(b"k", "ada@example.org")
    assert pseudonym(b"k", "A1") != pseudonym(b"k", "a1")
    assert pseudonym(b"k", "a") != pseudonym(b"l", "a")
