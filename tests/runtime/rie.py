"""AWS's own Runtime Interface Emulator, built from its Go module."""

from pathlib import Path

from local import golang
from local.cache import built_once

MODULE = "github.com/aws/aws-lambda-runtime-interface-emulator"
VERSION = "v0.0.0-20261030222936-bef5c4ba774d"
CHECKSUM = "h1:E8QcgpwFecNMTAHHnt11/CS9JLe5QqT/DI/WRg0cvMA="
PROGRAM = "aws-lambda-rie"


def ensure() -> Path:
    """The program."""
    return built_once(f"rie-{VERSION}", _build) / PROGRAM


def _build(folder: Path) -> None:
    go = golang.find("The Runtime Interface Emulator is built with Go, and there is no `go` on PATH; install Go 1.24.")
    with golang.source(go, folder, MODULE, VERSION, CHECKSUM) as source:
        flags = ("-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", str(folder / PROGRAM))
        golang.run(go, source, "build", *flags, f"./cmd/{PROGRAM}", purpose=PROGRAM)
