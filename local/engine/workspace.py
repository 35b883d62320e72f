"""A sealed place to run the engine in: its own PULUMI_HOME, file backend and plugins."""

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

PASSPHRASE = "intermodal-local"  # noqa: S105 - the local stack holds nothing worth hiding, and it never leaves the clone


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """One folder of engine state; official and stand-in plugins never share one."""

    engine: Engine
    folder: Path
    plugins: plugins.Choice
    variables: Mapping[str, str] = field(default_factory=dict)
    """Environment of the programs run here, such as the AWS profile of the emulator."""

    @classmethod
    def prepare(cls, engine: Engine, folder: Path, variables: Mapping[str, str] | None = None) -> "Workspace":
        """Make the folders and put the plugins in place; where they come from stays, once the folder has a state."""
        chosen = plugins.choose(folder)
        place = folder / chosen.folder
        (place / "home").mkdir(parents=True, exist_ok=True)
        (place / "state").mkdir(parents=True, exist_ok=True)
        plugins.prepare(place / "home", chosen)
        return cls(engine=engine, folder=place, plugins=chosen, variables=variables or {})

    @property
    def state(self) -> Path:
        """Folder of the file backend."""
        return self.folder / "state"

    def environment(self) -> dict[str, str]:
        """Environment for `pulumi`: nothing of the user's Pulumi or AWS accounts gets in."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PULUMI_", "AWS_"))}
        path = os.pathsep.join([str(self.engine.folder), str(paths.VENV / "bin"), kept.get("PATH", os.defpath)])
        sealed = {
            "PATH": path,
            "VIRTUAL_ENV": str(paths.VENV),
            "PULUMI_HOME": str(self.folder / "home"),
            # The backend renames a checkpoint into place, but writes the sidecar beside it in place: a kill then tears
            # it, and no command reads the stack again (gocloud.dev's fileblob, `setAttrs`).
            "PULUMI_BACKEND_URL": f"{self.state.as_uri()}?metadata=skip",
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_SKIP_UPDATE_CHECK": "1",
        }
        if not self.plugins.downloads:
            sealed["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] = "true"  # else five retries for what cannot come
        return kept | sealed | dict(self.variables)

    def run(self, *arguments: str, cwd: Path = paths.ROOT, capture: bool = True) -> str:
        """Run `pulumi` and return its standard output (empty when it goes straight to the terminal).

        Raises:
            LocalError: it failed; the text holds the end of what it said.
        """
        done = self.attempt(*arguments, cwd=cwd, capture=capture)
        if done.returncode:
            said = f"{done.stdout or ''}{done.stderr or ''}".strip()[-4000:]
            raise LocalError(
                f"`pulumi {' '.join(arguments[:3])}` failed (exit code {done.returncode}).\n{said}".strip()
            )
        return done.stdout or ""

    def run_for(self, seconds: float | None, *arguments: str, cwd: Path = paths.ROOT) -> bool:
        """Run `pulumi` on the terminal; False, with all its processes ended, where it takes longer than `seconds`.

        Raises:
            LocalError: it failed.
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
        except BaseException:  # an interrupt: the engine cancels, and saves what it has done
            os.killpg(running.pid, signal.SIGINT)
            running.wait()
            raise
        if code:
            raise LocalError(f"`pulumi {' '.join(arguments[:3])}` failed (exit code {code}).")
        return True

    def attempt(
        self, *arguments: str, cwd: Path = paths.ROOT, capture: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Run `pulumi`, whatever comes of it."""
        pulumi = str(self.engine.folder / "pulumi")
        return subprocess.run(
            [pulumi, *arguments, "--non-interactive"],
            cwd=cwd, env=self.environment(), capture_output=capture, text=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
