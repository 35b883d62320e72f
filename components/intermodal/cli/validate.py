"""`intermodal validate`: validate stack files without the Pulumi engine or a provider SDK."""

import argparse
import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from intermodal.deployed import project, yaml_file
from intermodal.problems.errors import CliError, StackFileError, end_sentence
from intermodal.stack import file


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("files", type=Path, nargs="*", metavar="FILE", help="default: all stack files in the project")
    parser.add_argument(
        "--function", action="append", metavar="NAME", dest="functions",
        help="a function that the program defines; repeatable. Default: any name, or only those "
        "in the file if it has intermodal:functions",
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Validate each file; return 1 if any is invalid."""
    files = options.files or [_shorten_path(path) for path in project.find_project(Path.cwd()).stack_files()]
    return max([_validate_file(path, options.functions) for path in files])


def _validate_file(path: Path, functions: Collection[str] | None) -> int:
    problems = list(find_problems(path, functions))
    for problem in problems or [f"✓ {path}"]:
        print(problem)
    return int(bool(problems))


def find_problems(path: Path, functions: Collection[str] | None = None) -> Iterator[str]:
    """Yield a one-sentence message for each problem in the file."""
    try:
        values = read_namespace(path)
        declared = values.get("functions")
        if functions is None and isinstance(declared, Mapping) and declared:
            functions = list(declared)
        file.read_stack_file(values, functions)
    except CliError as error:
        yield f"✗ {end_sentence(str(error))}"
    except StackFileError as error:
        for problem in error.problems:
            yield f"✗ {StackFileError(str(path), [problem])}"


def read_namespace(path: Path) -> dict[str, Any]:
    """Return the values of a stack file's `intermodal:` keys.

    Raises:
        CliError: The file cannot be read or is not a stack file.
    """
    content = yaml_file.load(path)
    config = content.get("config") if isinstance(content, Mapping) else content
    if not isinstance(config, Mapping | None):
        raise CliError(f"{path} must map keys to values under config:, got {config!r}; check the indentation")
    return file.parse_namespace({str(key): _to_config_value(value) for key, value in (config or {}).items()})


def _to_config_value(value: Any) -> str:
    """Convert a value as the engine does: leave strings unchanged, and serialize other values as JSON."""
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _shorten_path(path: Path) -> Path:
    """Return a path in the working directory as a relative path; return other paths unchanged."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
