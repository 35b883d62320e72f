"""The benchmarks produce figures, with sizes too small to be meaningful; no timing is asserted."""

import dataclasses
import json
from pathlib import Path

import pytest

from bench import imports
from bench.figures import Figure, keep, show
from bench.preview.measure import VARIANTS
from bench.preview.registered import DifferentProgramsError, Registered, read, refuse_differences
from bench.preview.variants import flat, grouped, intermodal
from bench.runtime import invoke
from bench.runtime import measure as runtime
from tests.conftest import Cloud, Run

EVENTS, FUNCTIONS = 50, 2


def test_runtime_benchmark_produces_figures() -> None:
    figures = {figure.name: figure for figure in runtime.measure(EVENTS, rounds=1, emulator=None)}
    assert all(figure.value > 0 for figure in figures.values())
    assert figures["our Invoke route / rie"].note == "recorded, not from this run"
    assert figures["our server / stub"].goal == ">= 0.9"


def test_server_stops_after_its_measurement() -> None:
    with invoke.ours() as served:
        assert served.seconds(1) > 0
    assert served.process.poll() is not None


def test_importing_the_library_imports_no_sdk() -> None:
    bare, importing, sdks = imports.measure(rounds=1)
    assert (bare.value > 0, importing.value >= 0, sdks.value) == (True, True, 0)


def declare(variant: str) -> None:
    """Declare some functions in one variant."""
    for number in range(FUNCTIONS):
        {"flat": flat, "grouped": grouped, "intermodal": intermodal}[variant].declare(f"f{number}")


def record_registrations(cloud: Cloud) -> Registered:
    """Return the recorded resources; with mocks, every output is known, so policies are compared verbatim."""
    components = {key for key in cloud.resources if key.startswith("intermodal:")}
    rows = {key: args for key, args in cloud.resources.items() if not key.startswith("pulumi:")}
    return Registered(
        resources={key: json.dumps(args.inputs, sort_keys=True) for key, args in rows.items() if key not in components},
        components=len(components),
    )


@pytest.mark.parametrize("variant", VARIANTS)
def test_program_variants_register_the_same_resources(
    cloud: Run, variant: str, programs: dict[str, Registered]
) -> None:
    flat._account.cache_clear()
    programs[variant] = record_registrations(cloud(lambda: declare(variant)))
    refuse_differences(programs)
    assert len(programs[variant].resources) == 16 * FUNCTIONS
    assert programs[variant].components == (0 if variant == "flat" else 3 * FUNCTIONS)


@pytest.fixture(scope="module")
def programs() -> dict[str, Registered]:
    """Collect what the variants register."""
    return {}


def test_programs_that_differ_are_refused() -> None:
    one = Registered(resources={"queue a": '{"delay": 1}', "queue b": "{}"}, components=0)
    for other in ({"queue a": '{"delay": 2}', "queue b": "{}"}, {"queue a": '{"delay": 1}'}, {}):
        with pytest.raises(DifferentProgramsError, match=r"queue [ab]: flat has"):
            refuse_differences({"flat": one, "intermodal": dataclasses.replace(one, resources=other)})
    with pytest.raises(DifferentProgramsError, match="flat registered no resources"):
        refuse_differences({"flat": Registered(resources={}, components=0)})


def test_autonamed_resources_compare_equal(tmp_path: Path) -> None:
    def log(name: str) -> Path:
        new = {"custom": True, "inputs": {"name": name, "delay": 1}}
        metadata = {"type": "aws:sqs/queue:Queue", "urn": "urn:pulumi:s::p::aws:sqs/queue:Queue::a", "new": new}
        file = tmp_path / f"{name}.log"
        file.write_text(json.dumps({"resourcePreEvent": {"metadata": metadata}}) + "\n")
        return file

    refuse_differences({"flat": read(log("a-0123abc")), "intermodal": read(log("a-4567def"))})
    with pytest.raises(DifferentProgramsError, match="1 resources differ"):
        refuse_differences({"flat": read(log("a-0123abc")), "intermodal": read(log("b-0123abc"))})


def test_figures_are_saved_with_goal_results(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    met = [Figure(name="x", value=1, at_most=2), Figure(name="y", value=1, at_least=2), Figure(name="z", value=1)]
    file = tmp_path / "bench.json"
    keep({"preview": met}, file)
    keep({"runtime": met[:1]}, file)
    kept = json.loads(file.read_text())
    assert [figure["met"] for figure in kept["preview"]] == [True, False, None]
    assert list(kept) == ["preview", "runtime"]
    show("figures", met)
    assert "not met" in capsys.readouterr().out
