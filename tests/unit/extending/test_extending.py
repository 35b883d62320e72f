"""A target or a source is added with one folder and one line, as docs/contributing says."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import intermodal

HERE = Path(__file__).parent
LIBRARY = Path(intermodal.__file__).parent
PAGES = Path(__file__).parents[3] / "docs" / "contributing"

PROGRAM = """
import json, sys
import pulumi
from intermodal import ContainerFunction, DefinitionError
from intermodal.testing import Mocks

IMAGE = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/scan@sha256:" + "0" * 64
cloud = Mocks()
pulumi.runtime.set_mocks(cloud, project="shop", stack="test")
definition = json.loads(sys.argv[1])
try:
    pulumi.runtime.test(lambda: ContainerFunction("scan", {"image": IMAGE, **definition}) and None)()
except DefinitionError as error:
    print(json.dumps(str(error)))
else:
    print(json.dumps(sorted(cloud.resources)))
"""

TARGET_LINE = '    BATCH = "batch"\n'
SOURCE_LINE = "    feed: NotRequired[FeedSourceArgs]\n"
SOURCE_IMPORT = "from intermodal.events.sources.feed.args import FeedSourceArgs\n"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Copy the library to a folder where it can be changed."""
    shutil.copytree(LIBRARY, tmp_path / "intermodal", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def insert(file: Path, before: str, text: str) -> None:
    """Insert a string before the first occurrence of a marker."""
    content = file.read_text()
    assert before in content
    file.write_text(content.replace(before, text + before, 1))


def register(library: Path, definition: dict[str, object]) -> list[str] | str:
    """Return what a function registers with a copy of the library, or its error."""
    command = [sys.executable, "-W", "ignore", "-c", PROGRAM, json.dumps(definition)]
    environment = {**os.environ, "PYTHONPATH": str(library)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=library, check=False)
    assert done.returncode == 0, done.stderr
    found: list[str] | str = json.loads(done.stdout)
    return found


def test_a_target_is_one_folder_and_one_line(library: Path) -> None:
    shutil.copytree(HERE / "fake_target", library / "intermodal/targets/batch")
    insert(library / "intermodal/limits/targets.py", "\n\nif TYPE_CHECKING:", TARGET_LINE)
    found = register(library, {"target": "batch"})
    assert "aws:sns/topic:Topic scan-main-batch" in found
    assert not [key for key in found if key.startswith("aws:lambda/")]
    refused = 'ContainerFunction "scan": memory_mib must be at most 1024 for target batch, got 2048; change it.'
    assert register(library, {"target": "batch", "memory_mib": 2048}) == refused
    unknown = register(library, {"target": "batsh"})
    assert 'must be one of lambda, ecs, kubernetes, batch, got "batsh"; did you mean "batch"?' in unknown


def test_a_source_is_one_folder_and_one_key(library: Path) -> None:
    shutil.copytree(HERE / "fake_source", library / "intermodal/events/sources/feed")
    file = library / "intermodal/events/args.py"
    insert(file, "    name: NotRequired[str]\n", SOURCE_LINE)
    insert(file, "from intermodal.events.sources.http", SOURCE_IMPORT)
    found = register(library, {"target": "lambda", "sources": [{"feed": {"address": "arn:feed"}}]})
    assert "aws:sns/topicSubscription:TopicSubscription scan-feed-subscription" in found
    assert "aws:cloudwatch/metricAlarm:MetricAlarm scan-undelivered-alarm" in found
    refused = register(library, {"target": "lambda", "sources": [{"feed": {}}]})
    assert refused == 'ContainerFunction "scan": sources[0].feed.address is required; set it.'


@pytest.mark.parametrize(
    ("page", "line", "folder"), [("targets.md", TARGET_LINE, "fake_target"), ("sources.md", SOURCE_LINE, "fake_source")]
)
def test_pages_name_each_file_and_line(page: str, line: str, folder: str) -> None:
    content = (PAGES / page).read_text()
    assert line.strip() in content
    for file in (HERE / folder).iterdir():
        assert file.is_dir() or f"`{file.name}`" in content
