"""Build the Pulumi CLI and its Python language host from their Go modules, verified against committed checksums."""

import shutil
from pathlib import Path

from intermodal_offline import golang
from local.advice import need_space
from local.cache import build_once
from local.console import step
from local.engine import versions
from local.engine.find import Engine

PURPOSE = "the Pulumi engine"
KEY = f"engine/built-{versions.CLI}"
HERE = Path(__file__).parent
VERSION_FLAG = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"

CLI_PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
HOST_PACKAGE = "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python"
EXEC = "python/cmd/pulumi-language-python-exec"
"""Program that the language host runs; only the CLI's SDK module still contains it."""


def ensure() -> Engine:
    """Return the engine; build it if it is not in the cache.

    Raises:
        LocalError: Go is missing, or a build failed.
    """
    return Engine(folder=build_once(KEY, build), origin=f"Go modules (pulumi {versions.CLI})")


def build(folder: Path) -> None:
    """Build `pulumi`, `pulumi-language-python`, and `pulumi-language-python-exec` into `folder`.

    Raises:
        LocalError: Go is missing, or a build failed.
    """
    go = golang.find(
        "`pulumi` is not on PATH, its installer is not reachable, and Go is not installed, so it cannot be built; "
        "install Pulumi (https://www.pulumi.com/docs/install/) or Go 1.24 or later."
    )
    need_space(folder, 3, "Building the Pulumi engine")
    why = "`pulumi` is not on PATH and cannot be downloaded; takes 4 to 6 minutes on two cores, once per machine"
    with step(f"Building the Pulumi CLI {versions.CLI} from its Go module", why):
        _compile(go, HERE / "cli", CLI_PACKAGE, versions.CLI, folder / "pulumi")
    with step(f"Building the Python language host {versions.LANGUAGE_HOST} from its Go module"):
        _compile(go, HERE / "language", HOST_PACKAGE, versions.LANGUAGE_HOST, folder / "pulumi-language-python")
        listed = ("list", "-m", "-f", "{{.Dir}}", "github.com/pulumi/pulumi/sdk/v3")
        source = Path(golang.run(go, HERE / "cli", *listed, purpose=PURPOSE))
        program = folder / "pulumi-language-python-exec"
        shutil.copyfile(source / EXEC, program)
        program.chmod(0o755)


def _compile(go: str, module: Path, package: str, version: str, output: Path) -> None:
    linker = f"-s -w -X {VERSION_FLAG}=v{version}"
    flags = ("-trimpath", "-buildvcs=false", "-ldflags", linker, "-o", str(output))
    golang.run(go, module, "build", *flags, package, purpose=PURPOSE)
