"""Texts as they are compared and scored: one spelling for what reads the same.

Pure. E-mail addresses and numbers are masked before a text is landed, so none arrive here.
"""

import hashlib
import html
import re
import unicodedata

_TAG = re.compile(r"<(?:/?[A-Za-z][^<>]*|!--.*?--)>", re.DOTALL)
_BLANKS = re.compile(r"\s+")
_HASH_LENGTH = 16


def normalised(text: str | None) -> str:
    """Plain text: no markup or entities, composed letters, single blanks; empty for None.

    >>> normalised("<p>Export&nbsp;is  slow</p>")
    'Export is slow'
    """
    plain = html.unescape(_TAG.sub(" ", text or ""))
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", plain)).strip()


def item_text(title: str | None, body: str | None) -> str:
    """Title and body as one text; a title that begins the body is not said twice.

    >>> item_text("Export", "Export is slow"), item_text("Help", "It is slow")
    ('Export is slow', 'Help. It is slow')
    """
    head, rest = normalised(title), normalised(body)
    if not head or rest.casefold().startswith(head.casefold()):
        return rest or head
    return f"{head.rstrip('.')}. {rest}" if rest else head


def text_hash(text: str) -> str | None:
    """What two copies of one text share, whatever their case; None for a text without words.

    >>> text_hash("Export is SLOW") == text_hash("export is slow"), text_hash("...")
    (True, None)
    """
    if not re.search(r"\w", text):
        return None
    return hashlib.sha256(text.casefold().encode()).hexdigest()[:_HASH_LENGTH]
