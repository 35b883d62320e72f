"""Run the engine in an isolated environment with a separate PULUMI_HOME, file backend, and plugins."""

import os
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local import paths
from local.advice import LocalError
from local.engine import plugins
from local.engine.find import Engine

PASSPHRASE = "intermodal-local"  # noqa: S105 - the local stack contains no real secrets and never leaves the clone


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """Folder for the engine's state; different plugin choices never share one."""

    engine: Engine
    folder: Path
    plugins: plugins.Choice
    variables: Mapping[str, str] = field(default_factory=dict)
    """Extra environment variables, such as the emulator's AWS profile."""

    @classmethod
    def prepare(cls, engine: Engine, folder: Path, variables: Mapping[str, str] | None = None) -> "Workspace":
        """Create the folders and install the plugins; a folder that contains a stack keeps its plugin choice."""
        chosen = plugins.choose(folder)
        own = folder / chosen.folder
        (own / "home").mkdir(parents=True, exist_ok=True)
        (own / "state").mkdir(parents=True, exist_ok=True)
        plugins.prepare(own / "home", chosen)
        return cls(engine=engine, folder=own, plugins=chosen, variables=variables or {})

    @property
    def state(self) -> Path:
        """The file backend's folder."""
        return self.folder / "state"

    def environment(self) -> dict[str, str]:
        """Return the environment for `pulumi`, excluding the user's Pulumi and AWS variables."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PULUMI_", "AWS_"))}
        path = os.pathsep.join([str(self.engine.folder), str(paths.VENV / "bin"), kept.get("PATH", os.defpath)])
        isolated = {
            "PATH": path,
            "VIRTUAL_ENV": str(paths.VENV),
            "PULUMI_HOME": str(self.folder / "home"),
            # The backend renames a checkpoint into place but writes its metadata sidecar directly. Killing the process
            # can truncate the sidecar; then no command can read the stack (gocloud.dev fileblob, `setAttrs`).
            "PULUMI_BACKEND_URL": f"{self.state.as_uri()}?metadata=skip",
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_SKIP_UPDATE_CHECK": "1",
        }
        if not self.plugins.downloads:
            # Otherwise the engine would keep retrying downloads that cannot succeed.
            isolated["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] = "true"
        return kept | isolated | dict(self.variables)

    def run(self, *arguments: str, cwd: Path = paths.ROOT, capture: bool = True) -> str:
        """Run `pulumi` and return its standard output, or an empty string if the output went to the terminal.

        Raises:
            LocalError: `pulumi` failed; the message contains the end of its output.
        """
        done = self.attempt(*arguments, cwd=cwd, capture=capture)
        if done.returncode:
            output = f"{done.stdout or ''}{done.stderr or ''}".strip()[-4000:]
            raise LocalError(
                f"`pulumi {' '.join(arguments[:3])}` failed (exit code {done.returncode}).\n{output}".strip()
            )
        return done.stdout or ""

    def run_for(self, seconds: float | None, *arguments: str, cwd: Path = paths.ROOT) -> bool:
        """Run `pulumi` with output to the terminal; after `seconds`, kill its processes and return False.

        Raises:
            LocalError: `pulumi` failed.
        """
        command = [str(self.engine.folder / "pulumi"), *arguments, "--non-interactive"]
        running = subprocess.Popen(
            command, cwd=cwd, env=self.environment(), stdin=subprocess.DEVNULL, start_new_session=True
        )
        try:
            code = running.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()
            return False
        except BaseException:  # after an interrupt, the engine cancels the update and saves its progress
            os.killpg(running.pid, signal.SIGINT)
            running.wait()
            raise
        if code:
            raise LocalError(f"`pulumi {' '.join(arguments[:3])}` failed (exit code {code}).")
        return True

    def attempt(
        self, *arguments: str, cwd: Path = paths.ROOT, capture: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Run `pulumi` and return its result, even if it failed."""
        pulumi = str(self.engine.folder / "pulumi")
        return subprocess.run(
            [pulumi, *arguments, "--non-interactive"],
            cwd=cwd, env=self.environment(), capture_output=capture, text=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
