"""Reads the part of RON (https://github.com/ron-rs/ron) that manifests are written in, as Python's own types.

Structures and maps become dictionaries, lists and tuples lists, `None` None, `Some(x)` x, and an enum's variant its name, or, if it
holds something, a dictionary of its name and what it holds.
"""

import re

TOKEN = re.compile(
    r"""\s+ | //[^\n]* | (?P<string>"(?:[^"\\]|\\.)*") | (?P<number>[-+]?(?:\d[\d_]*\.?\d*(?:[eE][-+]?\d+)?|inf\b|NaN\b))
      | (?P<word>r\#[\w.+-]+ | [A-Za-z_]\w*) | (?P<sign>[()\[\]{}:,])""",
    re.VERBOSE,
)
ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]+)\}|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}


def loads(text):
    """What a text says. A `ValueError` names the place that cannot be read."""
    reader = Reader(text)
    value = reader.value()
    if reader.kind is not None:
        reader.refuse("the end")
    return value


class Reader:
    def __init__(self, text):
        self.text, self.at = text, 0
        self.step()

    def step(self):
        """Goes on to the next token: its kind, or None at the end."""
        self.kind = self.token = None
        while self.kind is None and self.at < len(self.text):
            found = TOKEN.match(self.text, self.at)
            if found is None:
                self.refuse("something else")
            self.kind, self.token, self.at = found.lastgroup, found.group(), found.end()

    def refuse(self, expected):
        line = self.text.count("\n", 0, self.at) + 1
        raise ValueError(f"line {line}: {expected} was expected, and there is {self.token or 'the end'}")

    def take(self, sign):
        if self.token != sign or self.kind != "sign":
            self.refuse(sign)
        self.step()

    def value(self):
        kind, token = self.kind, self.token
        if kind == "string":
            self.step()
            return ESCAPE.sub(unescaped, token[1:-1])
        if kind == "number":
            self.step()
            token = token.replace("_", "")
            return int(token) if re.fullmatch(r"[-+]?\d+", token) else float(token)
        if token == "[":
            return self.items("[", "]")
        if token == "{":
            return dict(self.pairs("{", "}"))
        if token == "(":
            return self.structure()
        if kind == "word":
            self.step()
            return self.named(token.removeprefix("r#"))
        self.refuse("a value")

    def named(self, name):
        """What begins with a word: a truth, an option, or a variant."""
        if self.token == "(" and self.kind == "sign":
            held = self.structure()
            if isinstance(held, list) and len(held) == 1:
                held = held[0]
            return held if name == "Some" else {name: held}
        return {"true": True, "false": False, "None": None}.get(name, name)

    def structure(self):
        """Fields by name, or values in order. Which of them shows behind the first word."""
        rest = re.compile(r"(?:\s|//[^\n]*)*[A-Za-z_]\w*(?:\s|//[^\n]*)*:")
        if rest.match(self.text, self.at):
            return dict(self.pairs("(", ")"))
        return self.items("(", ")")

    def items(self, opening, closing):
        values = []
        self.take(opening)
        while self.token != closing:
            values.append(self.value())
            if self.token != closing:
                self.take(",")
        self.take(closing)
        return values

    def pairs(self, opening, closing):
        self.take(opening)
        while self.token != closing:
            key = self.value()
            self.take(":")
            yield key, self.value()
            if self.token != closing:
                self.take(",")
        self.take(closing)


def unescaped(found):
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else ESCAPED.get(found[3], found[3])


class Name(str):
    """A name without quotes: a variant that holds nothing, or a key of a map."""


class Held:
    """What holds a value behind its name: `Some(1)`, or a variant."""

    def __init__(self, name, value):
        self.name, self.value = name, value


class Fields:
    """A variant with fields."""

    def __init__(self, name, **fields):
        self.name, self.fields = name, fields


class Map(dict):
    """A map, whose keys are values; other dictionaries are structures."""


def some(value):
    """An option."""
    return None if value is None else Held("Some", value)


def dumps(value, depth=0):
    """A value as RON, the inverse of `loads` with what that forgets put beside it."""
    if value is None:
        return "None"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Name):
        return value if re.fullmatch(r"[A-Za-z_]\w*", value) else f"r#{value}"
    if isinstance(value, str):
        return '"' + "".join(map(escaped, value)) + '"'
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(dumps(item, depth) for item in value)}]"
    if isinstance(value, Held):
        return f"{value.name}({dumps(value.value, depth)})"
    if isinstance(value, Fields):
        return value.name + dumps(value.fields, depth)
    opening, closing = "{}" if isinstance(value, Map) else "()"
    inner = "    " * (depth + 1)
    lines = [f"{inner}{key}: {dumps(item, depth + 1)},\n" for key, item in value.items()]
    return f"{opening}\n{''.join(lines)}{'    ' * depth}{closing}"


def escaped(character):
    if character in '"\\':
        return f"\\{character}"
    return character if character.isprintable() else f"\\u{{{ord(character):x}}}"
