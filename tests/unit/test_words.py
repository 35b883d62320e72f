"""Docstrings, comments and messages use the words in docs/contributing/words.md."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

FOLDERS = (
    "components/intermodal",
    "runtime/intermodal_runtime",
    "local",
    "offline/intermodal_offline",
    "website",
    "bench",
)

HOUSE_WORDS = "doors?|siege|besiege|furnish|spared|journal|ledger|ways? out|standing"
CALQUES = (
    "reckons?|mend|mended|none any more|no more(?=[.;,])|of yours|of ours|so much more|no wish|for want of"
    "|which is well|that exists|that is there|that are there|under way|what is wrong with (?:it|them)|all the same"
    "|(?<!there )is no|(?<!there )are no|(?<!there )(?-i:is|are) (?-i:none)|takes? no|not known here|for ever"
)
PERSONS = "whoever|somebody|nobody|everybody|kindly|polite|thought better|told|is said|wants|its own business"
PHRASES = (
    "stands? in|stood in|lets? in|let go|gives? up on|given back|gives? back|goes? on|hands? over|has to|have to"
    "|exclude each other|leave (?:it|this) out"
)
BANNED = re.compile(rf"\b(?:{HOUSE_WORDS}|{CALQUES}|{PERSONS}|{PHRASES})\b", re.IGNORECASE)

NO_VERB = re.compile(
    r"(?:The|A|An|What|Whether|Why|Where|Who|How|Of|On|By|As|In|For|Each|Every|None|All|Up|Nothing|Not|Without)\b"
)
"""First words of a noun phrase or a clause."""


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Yield strings and comments, each with its line number."""
    source = path.read_text()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, " ".join(node.value.split())
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def functions(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the docstrings of functions that are not properties, each with its line number."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (text := ast.get_docstring(node)):
            names = {each.id for each in node.decorator_list if isinstance(each, ast.Name)}
            if "property" not in names:
                yield node.lineno, text


@pytest.mark.parametrize("folder", FOLDERS)
def test_texts_have_no_banned_words(folder: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line} {match.group()!r}: {text[:100]}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        for line, text in texts(path)
        if (match := BANNED.search(text))
    ]
    assert found == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_function_docstrings_start_with_a_verb(folder: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text[:80]}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        for line, text in functions(path)
        if NO_VERB.match(text)
    ]
    assert found == []
