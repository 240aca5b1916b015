"""Reads the words of a PDF page by page, as far as ours need it: two-byte fonts, plain objects."""

import re
import zlib

# Inside a string, brackets that come in pairs stand as they are.
_CHARACTER = rb"[^()\\]|\\."
_TOKEN = re.compile(
    rb"/(f\d+) [\d.]+ Tf"
    rb"|\(((?:" + _CHARACTER + rb"|\((?:" + _CHARACTER + rb")*\))*)\)"
    rb"|<([0-9A-Fa-f]+)>",
    re.DOTALL,
)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


class Document:
    """A PDF's objects, and the words on its pages."""

    def __init__(self, data):
        self.objects = {}
        for found in re.finditer(rb"(?:^|\n)(\d+) 0 obj\n(.*?)\nendobj", data, re.DOTALL):
            self.objects[int(found[1])] = found[2]

    def pages(self):
        """The text of every page, in order; blanks between runs are not kept."""
        kinds = [body for body in self.objects.values() if re.search(rb"/Type/Page\b", body)]
        return [self._words(body) for body in kinds]

    def _words(self, page):
        resources = self.objects[self._reference(page, b"Resources")]
        fonts = {
            name: self._letters(int(number))
            for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", resources)
        }
        letters, words = {}, []
        content = self._stream(self._reference(page, b"Contents"))
        for font, text, codes in _TOKEN.findall(content):
            if font:
                letters = fonts[font]
                continue
            read = bytes.fromhex(codes.decode()) if codes else _ESCAPE.sub(_unescaped, text)
            pairs = [read[i : i + 2] for i in range(0, len(read), 2)]
            words.append("".join(letters.get(pair, "") for pair in pairs))
        return "".join(words)

    def _letters(self, font):
        table = self._stream(self._reference(self.objects[font], b"ToUnicode"))
        return {
            bytes.fromhex(code.decode()): bytes.fromhex(text.decode()).decode("utf-16-be")
            for code, text in re.findall(rb"<([0-9a-fA-F]{4})> *<([0-9a-fA-F]+)>", table)
        }

    def _reference(self, body, name):
        return int(re.search(rb"/" + name + rb" (\d+) 0 R", body)[1])

    def _stream(self, number):
        body = self.objects[number]
        start = body.index(b"stream\n") + len(b"stream\n")
        return zlib.decompressobj().decompress(body[start:])


def _unescaped(found):
    sign = found[1]
    return bytes([int(sign, 8)]) if sign.isdigit() else _LETTERS.get(sign, sign)
