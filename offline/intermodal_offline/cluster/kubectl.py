"""Run kubectl commands against the cluster's API server."""

import subprocess
from pathlib import Path

from local import processes
from local.advice import LocalError

READY_SECONDS = 60


class Kubectl:
    """The kubectl binary with one kubeconfig."""

    def __init__(self, program: str, kubeconfig: Path) -> None:
        self._command = [program, "--kubeconfig", str(kubeconfig)]

    def run(self, *arguments: str) -> str:
        """Run kubectl and return its standard output.

        Raises:
            LocalError: kubectl failed.
        """
        done = self._attempt(*arguments)
        if done.returncode:
            raise LocalError(f"`kubectl {' '.join(arguments[:3])}` failed: {done.stderr.strip()[-600:]}")
        return done.stdout

    def apply(self, manifest: Path) -> None:
        """Apply a manifest with server-side apply."""
        self.run("apply", "--server-side", "--force-conflicts", "-f", str(manifest))

    def wait_ready(self) -> None:
        """Wait until the API server is ready.

        Raises:
            LocalError: the API server is not ready within `READY_SECONDS`.
        """
        if not processes.poll(lambda: self._attempt("get", "--raw", "/readyz").returncode == 0, READY_SECONDS):
            raise LocalError(f"The API server was not ready within {READY_SECONDS} s; see kube-apiserver.log.")

    def wait(self, kind: str, name: str, condition: str | None = None, namespace: str = "default") -> None:
        """Wait until an object exists and meets the condition, if any."""
        options = (f"{kind}/{name}", "--namespace", namespace, f"--timeout={READY_SECONDS}s")
        self.run("wait", "--for=create", *options)
        if condition:
            self.run("wait", f"--for=condition={condition}", *options)

    def _attempt(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*self._command, *arguments], capture_output=True, text=True, check=False)
