"""What a validation rule found: its id, its level, and what is wrong with the next step. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.errors import NotAllowedError
from pipelines.reviews.core.terms import Level


@dataclass(frozen=True)
class Finding:
    """One thing that a rule has to say about a record.

    Attributes:
        rule: Its id, such as "V4".
        level: Whether it blocks, warns, or is only recorded.
        sentence: What is wrong and the next step, in plain words.
    """

    rule: str
    level: Level
    sentence: str


def refuse_if_blocked(findings: Iterable[Finding]) -> None:
    """Stops at the first finding that blocks.

    Raises:
        NotAllowedError: With the id and the sentence of that rule.
    """
    for finding in findings:
        if finding.level is Level.BLOCKS:
            raise NotAllowedError(finding.sentence, finding.rule)
