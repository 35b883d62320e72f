"""`intermodal validate` checks a stack file without the engine."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Intermodal

GOOD: dict[str, str] = {
    "nothing": "",
    "no config": "encryptionsalt: v1:abc\n",
    "empty config": "config:\n",
    "other namespaces": "config: {aws:region: eu-central-1, intermodaly:key: 1}\n",
    "a placement": "config: {intermodal:placement: {scan: {target: lambda, memoryMib: 1024}}}\n",
    "string that the engine parses as JSON": (
        'config: {intermodal:protect: \'true\', intermodal:placement: \'{"scan": {"target": "lambda"}}\'}\n'
    ),
    "string in Pulumi but not in PyYAML": (
        "config: {intermodal:functions: {hello: {image: r/x:1, environment: {A: yes, B: 10:30}}}}\n"
    ),
}


def write_stack_file(folder: Path, content: str) -> str:
    """Write a stack file."""
    path = folder / "Pulumi.dev.yaml"
    path.write_text(content)
    return str(path)


@pytest.mark.parametrize("case", GOOD)
def test_valid_file_is_accepted(case: str, tmp_path: Path, intermodal: Intermodal) -> None:
    path = write_stack_file(tmp_path, GOOD[case])
    assert intermodal("validate", path) == (0, f"✓ {path}\n", "")


BAD: dict[str, tuple[str, list[str]]] = {
    "two problems": (
        "config:\n  intermodal:protct: true\n  intermodal:placement: {scan: {target: lamda}}\n",
        [
            ': intermodal:placement.scan.target must be one of lambda, ecs, kubernetes, got "lamda"; did you mean '
            '"lambda"?',
            ": intermodal:protct is not an argument; use one of intermodal:placement, intermodal:functions, "
            'intermodal:protect; did you mean "intermodal:protect"?',
        ],
    ),
    "undeclared function": (
        "config:\n  intermodal:functions: {audit: {image: r/x:1}}\n  intermodal:placement: {adit: {target: lambda}}\n",
        [': intermodal:placement.adit is not a function in this program, which has audit; did you mean "audit"?'],
    ),
    "not YAML": (
        "config:\n  intermodal:placement: {scan\n  x: : y\n",
        [" is not valid YAML at line 3: expected ',' or '}', but got ':'; fix it."],
    ),
    "a tab": (
        "config:\n\taws:region: x\n",
        [" is not valid YAML at line 2: found character '\\t' that cannot start any token; fix it."],
    ),
    "duplicate key": (
        "config:\n  intermodal:placement:\n    scan: {target: lambda}\n    scan: {target: ecs}\n",
        [' is not valid YAML at line 4: duplicate key "scan"; fix it.'],
    ),
    "no mapping": ("- config\n", [" must map keys to values under config:, got ['config']; check the indentation."]),
    "config that is a string": (
        "config: text\n",
        [" must map keys to values under config:, got 'text'; check the indentation."],
    ),
    "control character": (
        "config: \0\n",
        [
            " is not valid YAML: unacceptable character #x0000: special characters are not allowed in "
            '"<unicode string>", position 8; fix it.'
        ],
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_problems_are_lines_with_file_path_and_suggestion(case: str, tmp_path: Path, intermodal: Intermodal) -> None:
    content, sentences = BAD[case]
    path = write_stack_file(tmp_path, content)
    code, out, error = intermodal("validate", path)
    assert (code, error) == (1, "")
    assert sorted(out.splitlines()) == sorted(f"✗ {path}{sentence}" for sentence in sentences)


def test_known_functions_are_listed(tmp_path: Path, intermodal: Intermodal) -> None:
    path = write_stack_file(tmp_path, "config: {intermodal:placement: {scan: {target: lambda}}}\n")
    assert intermodal("validate", path, "--function", "scan", "--function", "resize")[0] == 0
    error = f"✗ {path}: intermodal:placement.scan is not a function in this program, which has resize.\n"
    assert intermodal("validate", path, "--function", "resize") == (1, error, "")


def test_all_stack_files_in_the_project_are_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, intermodal: Intermodal
) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\nstackConfigDir: stacks\n")
    folder = tmp_path / "stacks"
    folder.mkdir()
    monkeypatch.chdir(tmp_path)
    error = f"error: {folder} has no stack file (Pulumi.STACK.yaml); specify the files to validate.\n"
    assert intermodal("validate") == (1, "", error)
    (folder / "Pulumi.dev.yaml").write_text("config: {intermodal:protect: maybe}\n")
    (folder / "Pulumi.prod.yaml").write_text("config: {}\n")
    code, out, _ = intermodal("validate")
    assert code == 1
    assert [line.split(":")[0] for line in out.splitlines()] == [
        "✗ stacks/Pulumi.dev.yaml",
        "✓ stacks/Pulumi.prod.yaml",
    ]
    monkeypatch.chdir(folder)
    assert intermodal("validate")[1].splitlines()[1] == "✓ Pulumi.prod.yaml"


def test_unreadable_files_are_reported(tmp_path: Path, intermodal: Intermodal) -> None:
    error = "✗ nowhere.yaml cannot be read: No such file or directory; specify an existing file.\n"
    assert intermodal("validate", "nowhere.yaml") == (1, error, "")
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_bytes(b"config: \xff\n")
    error = f"✗ {path} is not valid UTF-8 (byte 8); save it as UTF-8.\n"
    assert intermodal("validate", str(path)) == (1, error, "")


def test_neither_the_provider_nor_the_aws_sdk_is_imported(tmp_path: Path) -> None:
    path = write_stack_file(tmp_path, "config: {intermodal:placement: {scan: {target: lambda}}}\n")
    program = (
        "import sys; from intermodal.cli import main; code = main(sys.argv[1:]); "
        "print(code, [name for name in ('pulumi_aws', 'boto3', 'botocore') if name in sys.modules])"
    )
    command = [sys.executable, "-c", program, "validate", path]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert output == f"✓ {path}\n0 []\n"
