"""Every code block on a page is run or checked, and every link has a target."""

import argparse
import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name

from intermodal.cli import commands as commands_module
from intermodal.cli.commands import COMMANDS
from tests.conftest import ROOT

DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]
BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)")
INCLUDE = re.compile(r'--8<-- "([^":]+)(?::([^"]+))?"')

RUN = ("tests/unit/docs/programs/", "examples/", "templates/intermodal-python/", "stacks/")
"""Folders of programs, images and stack files that test_samples.py, tests/judge and tests/engine/examples run."""

AT_ROOT = {"README.md": ["tests/unit/docs/programs/receipt.py", "tests/unit/docs/programs/Pulumi.receipt.yaml"]}
"""Files whose sections the README copies: GitHub renders it, so it cannot include files."""

EXTENDING = ROOT / "docs" / "contributing"
"""tests/unit/extending runs the blocks of these pages."""

PULUMI = {"cancel", "config", "install", "new", "preview", "stack", "up"}
"""Pulumi commands that pages show (pulumi.com/docs/iac/cli/commands)."""

PLAIN = {"cat", "cp", "docker", "echo", "eval", "git", "kubectl"}


def blocks(page: Path) -> Iterator[tuple[str, str]]:
    """Return the language and code of each fenced block on a page, without its indentation."""
    for indentation, language, code in BLOCK.findall(page.read_text()):
        yield language, re.sub(rf"^{indentation}", "", code, flags=re.MULTILINE)


def section(file: Path, name: str | None) -> str:
    """Return a section of a file as a page shows it."""
    text = file.read_text()
    if name:
        found = re.search(
            rf"^ *# --8<-- \[start:{name}\]\n(.*?)^ *# --8<-- \[end:{name}\]$", text, re.DOTALL | re.MULTILINE
        )
        assert found, f"{file} has no section {name}"
        text = found[1]
    lines = [line for line in text.splitlines() if line.strip()]
    depth = min(len(line) - len(line.lstrip()) for line in lines)
    return "".join(f"{line[depth:]}\n" for line in text.splitlines())


def commands(page: Path) -> Iterator[str]:
    """Return every command that a console block on a page shows."""
    for language, code in blocks(page):
        if language == "console":
            lines = [line for line in code.splitlines() if line.strip()]
            prompts = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
            if prompts or not any("--8<--" in line for line in lines):
                yield from prompts or [line.partition("  #")[0].strip() for line in lines]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_block_is_included_or_checked(page: Path) -> None:
    for language, code in blocks(page):
        if language in {"console", "json"}:
            continue
        includes = INCLUDE.findall(code)
        if page.name in AT_ROOT:
            assert any(code == shown for shown in _sections(AT_ROOT[page.name])), code
        elif page.parent == EXTENDING:
            assert all(_is_of_an_extension(line) for line in code.splitlines()), code
        else:
            assert len(includes) == len(code.splitlines()), f"write it into a file that a test runs:\n{code}"
            assert all(file.startswith(RUN) for file, _ in includes), includes


def _sections(files: list[str]) -> Iterator[str]:
    for file in files:
        for name in re.findall(r"\[start:(\w+)\]", (ROOT / file).read_text()):
            yield section(ROOT / file, name)


def _is_of_an_extension(line: str) -> bool:
    """Return whether tests/unit/extending inserts a line, or the library already has it."""
    test = (ROOT / "tests" / "unit" / "extending" / "test_extending.py").read_text()
    args = (ROOT / "components" / "intermodal" / "events" / "args.py").read_text()
    return any(line.strip() in text for text in (test, args)) or line.strip().startswith('"""')


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_has_a_target(page: Path) -> None:
    text = re.sub(r"`[^`\n]*`", "", page.read_text())
    for target in LINK.findall(text):
        generated = (page.parent / target).resolve().relative_to(ROOT).as_posix() in GENERATED
        assert generated or (page.parent / target).exists(), target


GENERATED = {
    "docs/changelog.md",
    *(f"docs/reference/{page}.md" for page in ("container-function", "lane", "inbox", "platform", "network", "limits")),
    "docs/reference/stack-file.md",
}
"""Pages that `website` generates; tests/site builds them."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_exists(page: Path) -> None:
    for command in commands(page):
        words = [word for word in command.split() if not re.fullmatch(r"[A-Z_0-9]+=\S*", word)]
        check = {"make": _make, "intermodal": _intermodal, "pulumi": _pulumi, "aws": _aws, "pip": _pip}.get(words[0])
        if check:
            check(words[1:], command)
        else:
            assert words[0] in PLAIN, command


def _make(words: list[str], command: str) -> None:
    targets = re.findall(r"^([a-z.]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    named = [word for word in words if not word.startswith("-") and re.fullmatch(r"[a-z.]+", word)]
    assert named, command
    assert named[0] in targets, command


def _intermodal(words: list[str], command: str) -> None:
    if words[0] == "--help":
        return
    assert words[0] in COMMANDS, command
    parser = argparse.ArgumentParser()
    module = import_module(f"intermodal.cli.{words[0]}")
    module.add_arguments(parser)
    known = {option for action in parser._actions for option in action.option_strings}
    assert {word for word in words if word.startswith("-") and word != "-"} <= known, command


def _pulumi(words: list[str], command: str) -> None:
    assert words[0] in PULUMI, command


def _aws(words: list[str], command: str) -> None:
    model = botocore.session.get_session().get_service_model(words[0])
    names = {xform_name(name, "-"): model.operation_model(name) for name in model.operation_names}
    assert words[1] in names, command
    shape = names[words[1]].input_shape
    assert shape is not None
    known = {f"--{xform_name(member, '-')}" for member in shape.members}
    assert {word for word in words if word.startswith("--")} <= known, command


def _pip(words: list[str], command: str) -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    (extra,) = re.findall(r"intermodal\[(\w+)\]", command)
    assert words[0] == "install"
    assert extra in extras, command


def test_shown_help_is_the_commands() -> None:
    usage = commands_module._parser("").format_usage().strip()
    assert usage in (DOCS / "cli.md").read_text()


def test_readme_has_at_most_120_lines() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 120
