"""The benchmarks can be imported."""

import ast
from collections.abc import Iterator
from pathlib import Path

from local import paths


def imported_modules(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_benchmarks_do_not_import_tests() -> None:
    files = sorted((paths.ROOT / "bench").rglob("*.py"))
    modules = {f"{file.relative_to(paths.ROOT)}: {module}" for file in files for module in imported_modules(file)}
    assert any(found.endswith(": bench.figures") for found in modules), "the scan found nothing"
    assert [found for found in modules if found.partition(": ")[2].partition(".")[0] == "tests"] == []
