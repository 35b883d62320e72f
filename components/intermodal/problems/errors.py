"""Errors: every problem of a definition at once, with its path, what is allowed and what to do."""

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PATH = re.compile(r"""(?:intermodal:)?[\w$-]+(?:\.[\w$-]+|\[\d+\]|\["[^"]*"\])*""")
"""A path that an editor or CI can follow: keys, numbers of items, and in quotes what is no word."""

PLAIN_KEY = re.compile(r"(?:intermodal:)?[\w$-]+")


def join_path(path: str, key: str) -> str:
    """Return the path of a key in the block at `path`; an empty path is the whole definition's."""
    if not PLAIN_KEY.fullmatch(key):
        return f'{path or "definition"}["{key.replace(chr(34), chr(39))}"]'
    return f"{path}.{key}" if path else key


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that is wrong with a definition.

    Raises:
        ValueError: `path` is none.
    """

    path: str
    """Key in the definition, in the caller's spelling: `sources[1].bus.pattern`."""
    text: str
    """What is allowed, what was given and what to do, as the rest of a sentence."""

    def __post_init__(self) -> None:
        """Refuse prose in place of a path."""
        if not PATH.fullmatch(self.path):
            raise ValueError(f"{self.path!r} is no path of a definition")

    def __str__(self) -> str:
        return f"{self.path} {self.text}"


class IntermodalError(ValueError):
    """A definition or stack file is invalid; the text says what, where, what is allowed and what to do."""

    def __init__(self, subject: str, problems: Sequence[Problem]) -> None:
        self.subject = subject
        self.problems = tuple(problems)
        super().__init__(self._message())

    def _message(self) -> str:
        if len(self.problems) == 1:
            return f"{self.subject}: {end_sentence(str(self.problems[0]))}"
        lines = "".join(f"\n  - {end_sentence(str(problem))}" for problem in self.problems)
        return f"{self.subject} has {len(self.problems)} problems:{lines}"


class DefinitionError(IntermodalError):
    """The definition of a component is invalid."""


class StackFileError(IntermodalError):
    """The `intermodal:` part of a stack file is invalid."""


class CliError(ValueError):
    """A command failed; the text is one sentence: what is wrong, where, and what to do."""


def end_sentence(text: str) -> str:
    """Return `text` with a full stop, which a question does without."""
    return text if text.endswith(("?", ".")) else f"{text}."


def suggest(word: str, words: Iterable[str]) -> str:
    """Return `; did you mean "X"?` for the closest match of `word`, or an empty text."""
    found = difflib.get_close_matches(word, list(words), n=1, cutoff=0.6)
    return f'; did you mean "{found[0]}"?' if found else ""


def unknown_choice(path: str, given: object, allowed: Iterable[str]) -> Problem:
    """Return the problem of a word that is not one of the allowed."""
    words = list(allowed)
    text = f'must be one of {", ".join(words)}, got "{given}"{suggest(str(given), words)}'
    return Problem(path=path, text=text)
