"""The key that turns ids of people and accounts into pseudonyms (HMAC-SHA-256)."""

import hashlib
import hmac
import json
import os
import secrets
import tempfile
from collections.abc import Iterable
from pathlib import Path

import polars as pl

from pipelines.engines.duckdb import Session
from pipelines.errors import KeyMismatchError
from pipelines.sources.landing import write_atomically

VARIABLE = "LAUNCHLOOP_KEY"
# 128 bits: no two of 10^12 ids meet by chance.
PSEUDONYM_DIGITS = 32
# 60 bits fit a signed BIGINT; among 10^6 persons two meet with a chance of 4 in 10^7.
KEY_DIGITS = 15


def load_secret() -> bytes:
    """The key from the environment, else the user's key file, made on first use."""
    if value := os.environ.get(VARIABLE):
        return value.encode()
    base = os.environ.get("XDG_CONFIG_HOME")
    folder = (Path(base) if base else Path.home() / ".config") / "launchloop"
    path = folder / "key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _make_key(path)
    secret = path.read_bytes().strip()
    if not secret:
        raise KeyMismatchError(
            f"The key file {path} is empty. Restore it from a backup, or set {VARIABLE} to the key "
            "that was used; without it ids of earlier imports cannot be joined."
        )
    return secret


def _make_key(path: Path) -> None:
    """A new key under its name at once and whole; of two processes the first one wins."""
    handle, name = tempfile.mkstemp(prefix=".key.", dir=path.parent)
    unfinished = Path(name)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(unfinished)
    except FileExistsError:
        return
    finally:
        unfinished.unlink()


def claim(landing: Path, secret: bytes, *, write: bool) -> None:
    """Binds a workspace to its key on the first import; refuses another key afterwards.

    Raises:
        KeyMismatchError: If the ids that lie in `landing` were hashed with another key.
    """
    fingerprint = hashlib.sha256(b"launchloop key " + secret).hexdigest()[:16]
    path = landing / "key.json"
    if path.exists():
        known = json.loads(path.read_text(encoding="utf-8"))["fingerprint"]
        if known != fingerprint:
            raise KeyMismatchError(
                "The ids of this workspace were hashed with another key. Set "
                f"{VARIABLE} to the key that was used, or start a new workspace; hashed ids cannot "
                "be re-keyed."
            )
    elif write:
        write_atomically(path, json.dumps({"fingerprint": fingerprint}))


def pseudonym(secret: bytes, text: str) -> str:
    """The pseudonym of an id; e-mail addresses are trimmed and lower-cased so sources join."""
    plain = text.strip()
    if "@" in plain:
        plain = plain.lower()
    return hmac.digest(secret, plain.encode(), "sha256").hex()[:PSEUDONYM_DIGITS]


def register_pseudonyms(
    session: Session, secret: bytes, relation: str, columns: Iterable[str]
) -> str | None:
    """Makes a temporary table id → pseudonym for some columns of a relation; its name."""
    listed = list(columns)
    if not listed:
        return None
    parts = " union ".join(f"select distinct {column} as id from {relation}" for column in listed)
    ids = session.frame(f"select id from ({parts}) where id is not null")["id"].to_list()
    pseudonyms = [pseudonym(secret, text) for text in ids]
    frame = pl.DataFrame(
        {
            "id": ids,
            "pseudonym": pseudonyms,
            "number": [int(text[:KEY_DIGITS], 16) for text in pseudonyms],
        },
        schema={"id": pl.String, "pseudonym": pl.String, "number": pl.Int64},
    )
    session.register("pseudonyms", frame)
    return "pseudonyms"
