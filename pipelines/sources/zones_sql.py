"""The zone that stands behind a time, as SQL: an offset, or an abbreviation read as a fixed one."""

from pipelines.engines.duckdb import quoted

# As written by tools: fixed offsets, in hours, whatever the season of the row (imports.md 1.4).
ABBREVIATIONS = {
    "Z": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "MEZ": 1, "CEST": 2,
    "MESZ": 2, "EET": 2, "OEZ": 2, "EEST": 3, "OESZ": 3, "EST": -5, "EDT": -4, "CST": -6,
    "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "JST": 9,
}  # fmt: skip
_CLOCK = r"\d:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s?[AaPp]\.?[Mm]\.?)?"
_NAMES = "|".join(sorted(ABBREVIATIONS, key=len, reverse=True))
_OFFSET = r"(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?"
_ZONED = rf"^(.*{_CLOCK}|\d{{8}}T\d{{6}})\s*((?i:{_NAMES})|{_OFFSET})$"
# Whose season is known whatever they are called.
_SURE = ("", "Z", "UTC", "GMT")


def clock_of(text: str) -> str:
    """A time without the zone behind it."""
    return f"coalesce(nullif(regexp_extract({text}, {quoted(_ZONED)}, 1), ''), {text})"


def zone_of(text: str) -> str:
    """What stands behind a time and names its zone, in capitals; empty if nothing does."""
    return f"upper(regexp_extract({text}, {quoted(_ZONED)}, 2))"


def offset_of(text: str) -> str:
    """The offset that a time bears, as `+02` or `-0530`; null if it bears none."""
    zone = zone_of(text)
    cases = " ".join(f"when '{name}' then '{hours:+03d}'" for name, hours in ABBREVIATIONS.items())
    plain = f"regexp_replace({zone}, '^(UTC|GMT)', '')"
    padded = f"regexp_replace({plain}, '^([+-])(\\d)(:|$)', '\\1' || '0' || '\\2\\3')"
    return f"case {zone} when '' then null {cases} else {padded} end"


def is_abbreviated(text: str) -> str:
    """SQL: a time bears an abbreviation that means another offset in another season."""
    sure = ", ".join(map(quoted, _SURE))
    return f"({zone_of(text)} not in ({sure}) and regexp_full_match({zone_of(text)}, '[A-Z]+'))"
