"""The patches of ministack's registry work, each on a stub of the module that it patches."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from local.aws.patches import registry_addresses, registry_layers

SCOPE = ("000000000000", "eu-central-1", "images")
DIGEST = "sha256:" + "a" * 64


class Layers:
    """Layers by account, Region and repository, like ministack's."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, ...], dict[str, bytes]] = {}

    def all_items(self) -> Iterator[tuple[tuple[str, ...], dict[str, bytes]]]:
        yield from self.found.items()

    def get_scoped(self, *scope: str) -> dict[str, bytes] | None:
        return self.found.get(scope)

    def set_scoped(self, account: str, region: str, name: str, layers: dict[str, bytes]) -> None:
        self.found[account, region, name] = layers


def registry() -> Any:
    """Return a stub of ministack's ecr module."""
    layers = Layers()
    ecr: Any = SimpleNamespace(_layer_blobs=layers, loaded=[])
    ecr.get_state = lambda: {"repositories": {"images": 1}, "layer_blobs": layers.found}
    ecr.load_persisted_state = ecr.loaded.append
    return ecr


def test_repository_is_on_the_emulators_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_PORT", "4599")
    token = {"authorizationData": [{"authorizationToken": "t", "proxyEndpoint": "https://aws"}]}
    ecr: Any = SimpleNamespace(
        _repo_uri=lambda name: name, _get_authorization_token=lambda _: (200, {}, json.dumps(token).encode())
    )
    registry_addresses.apply(ecr)
    assert ecr._repo_uri("team/images") == "127.0.0.1:4599/team/images"
    (found,) = json.loads(ecr._get_authorization_token({})[2])["authorizationData"]
    assert found == {"authorizationToken": "t", "proxyEndpoint": "http://127.0.0.1:4599"}


def test_restarted_registry_has_its_layers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("INTERMODAL_EMULATOR_FOLDER", str(tmp_path))
    before, after = registry(), registry()
    for each in (before, after):
        registry_layers.apply(each)
    before._layer_blobs.set_scoped(*SCOPE, {DIGEST: b"layer"})
    state = json.loads(json.dumps(before.get_state()))
    assert state == {"repositories": {"images": 1}, "layer_blobs": [[*SCOPE, DIGEST]]}
    after.load_persisted_state(state)
    assert after.loaded == [{"repositories": {"images": 1}}]
    assert after._layer_blobs.found == {SCOPE: {DIGEST: b"layer"}}


def test_state_without_layers_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERMODAL_EMULATOR_FOLDER", str(tmp_path))
    ecr = registry()
    registry_layers.apply(ecr)
    ecr.load_persisted_state(None)
    assert ecr._layer_blobs.found == {}
