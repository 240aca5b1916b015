"""Free text loses e-mail addresses, phone numbers and long numbers before records keep it."""

from collections.abc import Sequence

from pipelines.engines.duckdb import Session
from pipelines.sources.conversion import masked


def masked_texts(texts: Sequence[str]) -> list[str]:
    """The texts as imports mask the free text of a source.

    >>> masked_texts(["Call 0170 1234567 or ana@example.org."])
    ['Call [number] or [e-mail]']
    """
    with Session() as session:
        sql = f"select {masked('$text')}"
        return [str(session.value(sql, {"text": text})) for text in texts]
