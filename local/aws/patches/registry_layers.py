"""Save each image layer once, in a file of its own.

AWS: https://docs.aws.amazon.com/AmazonECR/latest/userguide/images.html

ministack writes all layers into one JSON file every time its state is saved, which takes longer than the interval
between two saves. A restarted registry still has its images.
"""

import os
from pathlib import Path
from typing import Any

from local.aws.expected import Expected

MODULE = "ministack.services.ecr"

EXPECTED: Expected = {
    (MODULE, "get_state"): (),
    (MODULE, "load_persisted_state"): ("data",),
}


def apply(ecr: Any) -> None:
    """Patch ministack's ecr module."""
    folder = Path(os.environ.get("INTERMODAL_EMULATOR_FOLDER", ".")) / "layers"
    get_state, load_state = ecr.get_state, ecr.load_persisted_state

    def save_layers() -> dict[str, Any]:
        state: dict[str, Any] = get_state()
        saved = []
        for scope, layers in list(ecr._layer_blobs.all_items()):
            for digest, content in list(layers.items()):
                _write(folder / digest, content)
                saved.append([*scope, digest])
        return {**state, "layer_blobs": saved}

    def load_layers(data: dict[str, Any] | None) -> None:
        saved = (data or {}).pop("layer_blobs", [])
        load_state(data)
        for account, region, name, digest in saved:
            layers = ecr._layer_blobs.get_scoped(account, region, name) or {}
            layers[digest] = (folder / digest).read_bytes()
            ecr._layer_blobs.set_scoped(account, region, name, layers)

    ecr.get_state, ecr.load_persisted_state = save_layers, load_layers


def _write(file: Path, content: bytes) -> None:
    """Write a layer that is not saved yet; a killed emulator leaves no incomplete file under the final name."""
    if not file.exists():
        file.parent.mkdir(exist_ok=True)
        unfinished = file.with_suffix(".part")
        unfinished.write_bytes(content)
        unfinished.replace(file)
