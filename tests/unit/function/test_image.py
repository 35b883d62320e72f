"""The name of a built image changes when, and only when, what is built changes."""

from pathlib import Path

import pytest

from intermodal.function.image import folder_of, reference


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    made = tmp_path / "apps" / "scan"
    made.mkdir(parents=True)
    (made / "Dockerfile").write_text("FROM scratch\n")
    (made / "app.py").write_text("x = 1\n")
    return made


def test_a_reference_names_its_folder(folder: Path) -> None:
    name = reference("apps/scan")
    assert name.startswith("intermodal-local/apps/scan:")
    assert folder_of(name) == "apps/scan"
    assert folder_of("registry.example/apps/scan:1") is None


def test_content_name_and_execute_bit_of_a_file_count(folder: Path) -> None:
    seen = {reference("apps/scan")}
    (folder / "app.py").write_text("x = 2\n")
    seen.add(reference("apps/scan"))
    (folder / "app.py").rename(folder / "main.py")
    seen.add(reference("apps/scan"))
    (folder / "main.py").chmod(0o755)
    seen.add(reference("apps/scan"))
    assert len(seen) == 4


def test_times_and_what_python_leaves_behind_do_not_count(folder: Path) -> None:
    before = reference("apps/scan")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "app.cpython-311.pyc").write_bytes(b"0")
    (folder / "app.py").touch()
    assert reference("apps/scan") == before
