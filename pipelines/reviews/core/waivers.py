"""Guard-rails that are waived one by one: each with its reason, kept as one text. Pure."""

from collections.abc import Mapping


def waiver_text(reasons: Mapping[str, str]) -> str | None:
    r"""The waiver of a plan: a line for each guard-rail, which begins with its name.

    Args:
        reasons: Name → why it is waived.

    >>> waiver_text({"CSAT": " No survey runs ", "WAU": "It is summer."})
    'CSAT: No survey runs.\nWAU: It is summer.'
    """
    lines = [f"{name}: {_sentence(reason)}" for name, reason in reasons.items() if reason.strip()]
    return "\n".join(lines) or None


def waiver_reason(waiver: str | None, name: str) -> str:
    r"""Why one guard-rail is waived; the whole text where it does not name this one.

    >>> waiver_reason("CSAT: No survey runs.\nWAU: It is summer.", "WAU")
    'It is summer.'
    >>> waiver_reason("Nothing can break.", "WAU"), waiver_reason(None, "WAU")
    ('Nothing can break.', '')
    """
    lines = (waiver or "").splitlines()
    own = [line.removeprefix(f"{name}: ") for line in lines if line.startswith(f"{name}: ")]
    return own[0] if own else (waiver or "")


def _sentence(text: str) -> str:
    words = " ".join(text.split())
    return words if words.endswith((".", "!", "?")) else f"{words}."
