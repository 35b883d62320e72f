"""The site builds with strict links, and its generated pages are complete."""

import fcntl
import html
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, is_typeddict

import pytest

from intermodal.definition.args import ContainerFunctionArgs
from intermodal.limits.targets import Target, data_of
from intermodal.network.args import NetworkArgs
from intermodal.platform.args import PlatformArgs
from tests.conftest import ROOT
from website import reference
from website.shapes import fields_of, nested_in

ARGUMENTS = {
    "container-function": ContainerFunctionArgs,
    "platform": PlatformArgs,
    "network": NetworkArgs,
}
ELSEWHERE = re.compile(
    r"""<(?:script|img|iframe)[^>]+src=["']?https?:|<link[^>]+rel="stylesheet"[^>]+href="https?:|url\(https?:"""
)
FUNCTIONS = ("scan-kubernetes", "scan-ecs", "scan", "four")
PARTS = (
    "main",
    "green",
    "tasks",
    "jobs",
    "queue",
    "bus",
    "bucket",
    "topic",
    "more",
    "objects",
    "envelope",
    "schedule",
    "hourly",
    "http",
    "open",
    "once",
    "later",
)
"""Functions with their lanes and sources in the rendering `everything created`."""

NETWORK = (
    "network-internet",
    "network-egress",
    "network-endpoints",
    "network-endpoints-ipv4",
    "network-endpoints-ipv6",
    "network-endpoint-s3",
    "network-endpoint-dynamodb",
    "network-endpoint-ssm",
    "network-vpc",
)
"""Children of the network, which the table lists as patterns."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site, built once for all workers."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = shared / "site"
    with (shared / "site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "llms.txt").exists():
            done = build(folder, ROOT)
            assert done.returncode == 0, done.stderr
            assert "WARNING" not in done.stdout + done.stderr
    return folder


def build(folder: Path, project: Path) -> "subprocess.CompletedProcess[str]":
    """Build a project's site."""
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)


def pages(site: Path) -> set[str]:
    """Return the paths of all pages except those that show repository files."""
    found = {page.relative_to(site).as_posix() for page in site.rglob("*.html")}
    return {page for page in found if not page.startswith("source/")} - {"404.html"}


def test_a_broken_link_fails_the_build(tmp_path: Path) -> None:
    """Check that the build is not quiet: `--quiet` would hide the warnings that `--strict` counts."""
    makefile = (ROOT / "Makefile").read_text()
    assert re.search(r"-m mkdocs build --strict\b", makefile)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# x\n\n[anchor](#nowhere)\n")
    settings = re.search(r"^validation:\n(?:  .*\n)+", (ROOT / "mkdocs.yml").read_text(), re.MULTILINE)
    assert settings
    (tmp_path / "mkdocs.yml").write_text(f"site_name: x\n{settings[0]}")
    done = build(tmp_path / "site", tmp_path)
    assert "there is no such anchor" in done.stderr
    assert done.returncode == 1


def test_every_document_is_a_page(site: Path) -> None:
    documents = {
        path.relative_to(ROOT / "docs").with_suffix(".html").as_posix() for path in (ROOT / "docs").rglob("*.md")
    }
    generated = {path.replace(".md", ".html") for path in reference.pages()}
    assert pages(site) == documents | generated | {"index.html", "changelog.html", "contributing/index.html"}


def test_navigation_lists_every_page(site: Path) -> None:
    links = set(re.findall(r'<a href="([^"#]+)" class="md-nav__link', (site / "index.html").read_text()))
    assert {html.unescape(link) for link in links} | {"index.html"} >= pages(site)


def test_every_page_exists_as_markdown_and_in_llms_txt(site: Path) -> None:
    listed = set(re.findall(r"\]\(/([^)]+)\)", (site / "llms.txt").read_text()))
    assert listed == {page.replace(".html", ".md") for page in pages(site)}
    assert all((site / page).read_text().startswith("# ") for page in listed)
    assert "# ContainerFunction" in (site / "llms-full.txt").read_text()


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    texts = [path for path in site.rglob("*") if path.suffix in {".html", ".css"}]
    assert [path.name for path in texts if ELSEWHERE.search(path.read_text())] == []


def test_pages_contain_no_unresolved_include(site: Path) -> None:
    """An include of a missing section, or inside a nested block, would remain unexpanded."""
    assert [page for page in pages(site) if "--8&lt;--" in (site / page).read_text()] == []


@pytest.mark.parametrize("page", ARGUMENTS)
def test_reference_has_every_argument_with_its_docstring(page: str) -> None:
    shape: Any = ARGUMENTS[page]
    text = reference.pages()[f"reference/{page}.md"]
    for block in [shape, *(each for each in nested_in(shape) if is_typeddict(each))]:
        for field in fields_of(block):
            assert field.text, f"{block.__name__}.{field.name} has no docstring"
            assert f"#### `{field.name}`" in text
            assert field.text in text


@pytest.mark.parametrize("page", reference.COMPONENTS)
def test_reference_lists_a_components_children(page: str) -> None:
    text = reference.pages()[f"reference/{page}.md"]
    assert re.search(r"## What it creates\n\n- .+", text)
    assert re.search(r"## Outputs\n\n- `\w+`", text)


def test_reference_has_every_limit_with_its_source() -> None:
    text = reference.pages()["reference/limits.md"]
    for target in Target:
        rows: Mapping[str, Any] = data_of(target)["limits"]
        assert all(f"**`{row}`**" in text and found["source"] in text for row, found in rows.items())


def test_every_symptom_is_in_the_index() -> None:
    folder = ROOT / "docs" / "symptoms"
    index = (folder / "index.md").read_text()
    for page in folder.glob("*.md"):
        for heading in re.findall(r"^## (.+)$", page.read_text(), re.MULTILINE):
            assert page.name == "index.md" or f"- [{heading}]({page.name}#" in index


def test_resource_table_is_complete() -> None:
    """Every resource in the rendering with all parts is in the table, by its suffix."""
    table = (ROOT / "docs" / "resources.md").read_text()
    golden = (ROOT / "tests" / "judge" / "goldens" / "everything-created.txt").read_text()
    names = [line.split()[1] for line in golden.splitlines() if not line.startswith(("intermodal:", "pulumi:pulumi"))]
    ends = {_end(name) for name in names if name.startswith((*(f"{each}-" for each in FUNCTIONS), "shared-"))}
    assert sorted(end for end in ends if end and f"-{end}`" not in table) == []


def _end(name: str) -> str:
    if name.startswith("shared-"):
        end = name.removeprefix("shared-")
        return "" if end in NETWORK or end.startswith(("network-public", "network-private", "network-nat")) else end
    function = next(each for each in FUNCTIONS if name.startswith(f"{each}-"))
    end = name.removeprefix(f"{function}-")
    part = next((each for each in PARTS if end.startswith(f"{each}-")), "")
    return end.removeprefix(f"{part}-") if part else end
