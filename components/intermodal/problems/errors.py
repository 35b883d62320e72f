"""Define errors that list every problem in a definition with its path, the value, what is allowed and a fix."""

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PATH = re.compile(r"""(?:intermodal:)?[\w$-]+(?:\.[\w$-]+|\[\d+\]|\["[^"]*"\])*""")
"""A machine-readable path of keys and indexes; keys with other characters are quoted in brackets."""

PLAIN_KEY = re.compile(r"(?:intermodal:)?[\w$-]+")


def join_path(path: str, key: str) -> str:
    """Append `key` to `path`; an empty path refers to the whole definition."""
    if not PLAIN_KEY.fullmatch(key):
        return f'{path or "definition"}["{key.replace(chr(34), chr(39))}"]'
    return f"{path}.{key}" if path else key


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A problem in a definition.

    Raises:
        ValueError: `path` is not a path.
    """

    path: str
    """Key in the definition, in the caller's spelling, such as `sources[1].bus.pattern`."""
    text: str
    """The rest of the sentence after the path: what is allowed, the value, and how to fix it."""

    def __post_init__(self) -> None:
        """Validate the path's format."""
        if not PATH.fullmatch(self.path):
            raise ValueError(f"{self.path!r} is not a path in a definition")

    def __str__(self) -> str:
        return f"{self.path} {self.text}"


class IntermodalError(ValueError):
    """A definition or stack file is invalid."""

    def __init__(self, display_name: str, problems: Sequence[Problem]) -> None:
        self.display_name = display_name
        self.problems = tuple(problems)
        super().__init__(self._message())

    def _message(self) -> str:
        if len(self.problems) == 1:
            return f"{self.display_name}: {end_sentence(str(self.problems[0]))}"
        lines = "".join(f"\n  - {end_sentence(str(problem))}" for problem in self.problems)
        return f"{self.display_name} has {len(self.problems)} problems:{lines}"


class DefinitionError(IntermodalError):
    """A component's definition is invalid."""


class StackFileError(IntermodalError):
    """The `intermodal:` settings in a stack file are invalid."""


class CliError(ValueError):
    """A command failed; the message is one sentence that says what is wrong and how to fix it."""


def end_sentence(text: str) -> str:
    """Add a period to `text` unless it already ends with a period or a question mark."""
    return text if text.endswith(("?", ".")) else f"{text}."


def suggest(word: str, words: Iterable[str]) -> str:
    """Return `; did you mean "X"?` for the closest match to `word`, or an empty string."""
    found = difflib.get_close_matches(word, list(words), n=1, cutoff=0.6)
    return f'; did you mean "{found[0]}"?' if found else ""


def unknown_choice(path: str, given: object, allowed: Iterable[str]) -> Problem:
    """Return a problem that lists the allowed values and suggests the closest match."""
    words = list(allowed)
    text = f'must be one of {", ".join(words)}, got "{given}"{suggest(str(given), words)}'
    return Problem(path=path, text=text)
