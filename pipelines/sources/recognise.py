"""Step 2 of an import: which preset a file belongs to, by its header and never by its name."""

import shlex
from collections.abc import Sequence, Set

from pipelines.errors import SourceError
from pipelines.sources.definition import Fingerprint, Preset
from pipelines.sources.raw import normalised

MAX_SHOWN = 8


def recognised(
    presets: Sequence[Preset],
    header: Sequence[str],
    second_row: Sequence[str],
    *,
    shape: str,
    file_name: str,
) -> Preset:
    """The preset with the most marks that all fit.

    Args:
        presets: All that there are.
        header: Of the file, as it stands; for JSON the keys of its objects (with dots).
        second_row: Cells of the second record.
        shape: "table" or "objects".
        file_name: As messages call it.

    Raises:
        SourceError: `no_preset` with the nearest one, or `two_presets`.
    """
    names = [normalised(text) for text in header]
    cells = [normalised(text) for text in second_row]
    fitting = [
        preset
        for preset in presets
        if preset.fingerprint.shape == shape and preset.fingerprint.matches(names, cells)
    ]
    if not fitting:
        raise _unknown(presets, names, shape, file_name)
    heaviest = max(preset.fingerprint.weight for preset in fitting)
    best = [preset for preset in fitting if preset.fingerprint.weight == heaviest]
    if len(best) > 1:
        titles = " and ".join(f"'{preset.title}'" for preset in best)
        raise SourceError(
            "two_presets",
            f"{file_name}: {titles} both fit. Which export is it?",
            f'preset = "{best[0].id}"',
        )
    return best[0]


def _unknown(
    presets: Sequence[Preset], names: Sequence[str], shape: str, file_name: str
) -> SourceError:
    """The error of a file that nobody knows; names the nearest preset and what parts them."""
    present = set(names)
    candidates = [preset.fingerprint for preset in presets if preset.fingerprint.shape == shape]
    met = [(_met(one, present), len(_groups(one))) for one in candidates]
    seen = ", ".join(name for name in names[:MAX_SHOWN] if name) or "nothing"
    text = f"{file_name}: no known format (its header: {seen}). "
    best = max(
        range(len(candidates)),
        key=lambda at: (met[at][0] / max(met[at][1], 1), met[at][0]),
        default=None,
    )
    if best is not None and met[best][0]:
        title = next(one.title for one in presets if one.fingerprint is candidates[best])
        text += f"Nearest: {title} ({met[best][0]} of {met[best][1]} marks"
        text += _difference(candidates[best], present) + "). "
    return SourceError(
        "no_preset", text + f"Map it yourself: `launchloop map {shlex.quote(file_name)}`."
    )


def _groups(fingerprint: Fingerprint) -> list[frozenset[str]]:
    single = [frozenset({name}) for name in sorted(fingerprint.required)]
    return [*single, *fingerprint.one_of]


def _met(fingerprint: Fingerprint, present: Set[str]) -> int:
    return sum(bool(group & present) for group in _groups(fingerprint))


def _difference(fingerprint: Fingerprint, present: Set[str]) -> str:
    missing = ["/".join(sorted(one)) for one in _groups(fingerprint) if not one & present]
    if missing:
        return f"; missing {', '.join(map(repr, missing[:4]))}"
    unknown = sorted(present - fingerprint.only) if fingerprint.only else []
    if unknown:
        return f"; it has no {', '.join(map(repr, unknown[:4]))}"
    return ""
