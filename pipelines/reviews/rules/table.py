"""The validation rules of reviews.md 4 as one table: id, level per rigour, phases. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipelines.reviews.core.finding import Finding
from pipelines.reviews.core.terms import Level, Phase, Rigour
from pipelines.reviews.rules import check_rules as checks
from pipelines.reviews.rules import plan_rules as plans
from pipelines.reviews.rules.facts import Facts

# The id of a guard that reviews.md 3 sets, which has no number.
STATE = "state"


@dataclass(frozen=True)
class Rule:
    """One rule, or the part of one that is asked for alike.

    Attributes:
        id: "V1" to "V25", or "state".
        phases: When it is asked.
        light: Its level in `light` rigour; None = not asked for.
        standard: Its level in `standard` rigour.
        sentences: One sentence for each thing that is wrong.
    """

    id: str
    phases: frozenset[Phase]
    light: Level | None
    standard: Level | None
    sentences: Callable[[Facts], Iterator[str]]

    def level(self, rigour: Rigour) -> Level | None:
        """Its level in a rigour; None = not asked for."""
        return self.light if rigour is Rigour.LIGHT else self.standard

    def findings(self, facts: Facts) -> Iterator[Finding]:
        """What it has to say about these facts."""
        if level := self.level(facts.rigour):
            for sentence in self.sentences(facts):
                yield Finding(self.id, level, sentence)


def _rule(
    rule: str,
    level: Level,
    sentences: Callable[[Facts], Iterator[str]],
    *phases: Phase,
    in_light: bool = True,
) -> Rule:
    return Rule(rule, frozenset(phases), level if in_light else None, level, sentences)


_B, _W, _R = Level.BLOCKS, Level.WARNS, Level.RECORDED
RULES = (
    _rule("V1", _B, plans.v1, Phase.LOCK),
    _rule("V1", _B, plans.v1_standard, Phase.LOCK, in_light=False),
    _rule("V1", _B, plans.v1_criteria, Phase.LOCK),
    _rule("V2", _B, plans.v2, Phase.LOCK),
    _rule("V3", _B, plans.v3, Phase.LOCK),
    _rule("V4", _B, plans.v4, Phase.LOCK),
    _rule("V4", _B, plans.v4_standard, Phase.LOCK, in_light=False),
    _rule("V5", _W, plans.v5, Phase.LOCK),
    _rule("V6", _B, plans.v6, Phase.LOCK),
    _rule("V7", _W, plans.v7, Phase.LOCK),
    _rule("V8", _B, plans.v8, Phase.LOCK),
    _rule("V9", _W, plans.v9, Phase.LOCK),
    _rule("V10", _R, plans.v10, Phase.LOCK, Phase.DO, Phase.CHECK),
    _rule("V10", _B, plans.v10_reason, Phase.LOCK),
    _rule("V11", _R, plans.v11, Phase.DO, Phase.CHECK),
    _rule("V12", _W, plans.v12, Phase.LOCK),
    _rule("V13", _W, plans.v13, Phase.LOCK, Phase.CHECK),
    _rule("V14", _B, checks.v14, Phase.CHECK),
    _rule("V15", _B, checks.v15, Phase.CHECK),
    _rule(STATE, _B, checks.actions_ended, Phase.DO),
    _rule(STATE, _B, checks.checked, Phase.SIGN),
    _rule("V16", _B, checks.v16, Phase.SIGN),
    _rule("V17", _B, checks.v17, Phase.SIGN),
    _rule("V18", _B, checks.v18, Phase.FAST_PATH),
    _rule("V18", _B, checks.v18_act, Phase.ACT),
    _rule("V19", _B, checks.v19, Phase.ACT),
    _rule("V19", _B, checks.v19_kinds, Phase.SIGN),
    _rule("V20", _B, checks.v20, Phase.ACT),
    _rule(STATE, _B, checks.kept, Phase.ACT),
    _rule("V21", _B, checks.v21, Phase.EXTEND),
    _rule(STATE, _B, checks.extended, Phase.EXTEND),
    _rule("V22", _B, checks.v22, Phase.ACT, Phase.MEETING, Phase.PUBLISH),
    _rule("V22", _B, checks.v22_act, Phase.ACT),
    _rule("V23", _R, checks.v23, Phase.MEETING),
    _rule("V24", _B, checks.v24, Phase.PUBLISH),
    _rule("V25", _B, checks.v25, *Phase),
)


def findings(phase: Phase, facts: Facts) -> tuple[Finding, ...]:
    """What the rules of a phase have to say, in the order of the table.

    Args:
        phase: When they are asked; `DO` is the end of the Do.
        facts: With the rigour of the team before the lock, of the plan after it.
    """
    asked = (rule for rule in RULES if phase in rule.phases)
    return tuple(finding for rule in asked for finding in rule.findings(facts))


def blocking(phase: Phase, facts: Facts) -> tuple[Finding, ...]:
    """The findings that block."""
    return tuple(each for each in findings(phase, facts) if each.level is Level.BLOCKS)
