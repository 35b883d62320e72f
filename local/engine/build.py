"""Build the Pulumi CLI and its Python language host from their Go modules, with the sums committed here."""

import os
import shutil
import subprocess
from pathlib import Path

from local.advice import LocalError, need_space
from local.console import step
from local.engine import versions

KEY = f"engine/built-{versions.CLI}"
HERE = Path(__file__).parent
VERSION_FLAG = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"

CLI_PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
HOST_PACKAGE = "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python"
EXEC = "python/cmd/pulumi-language-python-exec"
"""The program that the language host starts; only the CLI's own SDK module still ships it."""


def engine(folder: Path) -> None:
    """Put `pulumi`, `pulumi-language-python` and its `-exec` into `folder`.

    Go keeps what it has compiled in its own cache, so a build that was killed goes on where it stood.

    Raises:
        LocalError: Go is missing, or a build failed (with the compiler's last lines).
    """
    go = shutil.which("go")
    if go is None:
        raise LocalError(
            "There is no `pulumi` on PATH, its installer does not answer, and Go is missing, so it cannot be built; "
            "install Pulumi (https://www.pulumi.com/docs/install/) or Go 1.24 or later."
        )
    need_space(folder, 3, "Building the Pulumi engine")
    why = "no `pulumi` on PATH and no internet; once per machine, 4 to 6 minutes on two cores"
    with step(f"Building the Pulumi CLI {versions.CLI} from its Go module", why):
        _build(go, HERE / "cli", CLI_PACKAGE, versions.CLI, folder / "pulumi")
    with step(f"Building the Python language host {versions.LANGUAGE_HOST} from its Go module"):
        _build(go, HERE / "language", HOST_PACKAGE, versions.LANGUAGE_HOST, folder / "pulumi-language-python")
        source = Path(_go(go, HERE / "cli", "list", "-m", "-f", "{{.Dir}}", "github.com/pulumi/pulumi/sdk/v3"))
        program = folder / "pulumi-language-python-exec"
        shutil.copyfile(source / EXEC, program)
        program.chmod(0o755)


def _build(go: str, module: Path, package: str, version: str, output: Path) -> None:
    linker = f"-s -w -X {VERSION_FLAG}=v{version}"
    _go(go, module, "build", "-trimpath", "-buildvcs=false", "-ldflags", linker, "-o", str(output), package)


def _go(go: str, module: Path, *arguments: str) -> str:
    environment = {**os.environ, "GOFLAGS": "-mod=readonly", "GOWORK": "off"}
    done = subprocess.run([go, *arguments], cwd=module, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        tail = "\n".join(done.stderr.strip().splitlines()[-8:])
        raise LocalError(f"`go {arguments[0]}` of the Pulumi engine failed; run the command again to resume:\n{tail}")
    return done.stdout.strip()
