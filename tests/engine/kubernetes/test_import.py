"""An object already exists: creating it is rejected, importing it adopts it."""

import dataclasses
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from intermodal_offline.providers.kubernetes.api import Api
from tests.offline.providers.stack import Engine, Stack

PATH = "/api/v1/namespaces/default/services/adopted"
TOKEN = "kubernetes:core/v1:Service"


@pytest.fixture
def service(api: Api) -> Iterator[None]:
    """Create a service outside the stack."""
    body = {
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": "adopted", "namespace": "default"},
        "spec": {"selector": {"app": "main"}, "ports": [{"name": "http", "port": 80}]},
    }  # fmt: skip
    api.apply(PATH, body, manager="somebody")
    yield
    api.delete(PATH, "Background")


@pytest.fixture
def stack(kubernetes_engine: Engine, config: dict[str, Any], tmp_path: Path) -> Stack:
    """Create a stack with the adopting program."""
    shutil.copytree(Path(__file__).with_name("adopting"), tmp_path / "program")
    engine = dataclasses.replace(kubernetes_engine, folder=tmp_path)
    return engine.stack("adopting", {"adopting:kubeconfig": config["objects:kubeconfig"]})


@pytest.mark.usefixtures("service")
def test_existing_object_is_imported_not_recreated(stack: Stack, api: Api) -> None:
    refused = stack.step("refused", "up", "--yes", "--skip-preview", variant="")
    assert refused.code == 1
    assert "Service 'default/adopted' already exists in the cluster; import it" in refused.output
    imported = stack.step("import", "up", "--yes", "--skip-preview", variant="default/adopted")
    assert imported.code == 0, imported.output
    assert imported.of(TOKEN) == {"import"}
    again = stack.step("again", "preview", "--refresh", "--expect-no-changes", variant="")
    assert again.code == 0, again.output
    gone = stack.step("destroy", "destroy", "--yes", "--skip-preview")
    assert gone.code == 0, gone.output
    assert api.get(PATH) is None
