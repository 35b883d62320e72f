"""Every type goes through its lifecycle on the real engine: one program, one run, one test per type and step."""

import json
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from intermodal_offline.providers.aws import ROWS
from tests.offline.providers import adopted, subjects
from tests.offline.providers.services import SERVICES, functions
from tests.offline.providers.stack import REGION, Engine, Stack
from tests.offline.providers.subjects import Ids
from tests.offline.providers.walk import KINDS, Walk

MORE = tuple(service for service in SERVICES if service is not functions)
SUBJECTS = {**subjects.SUBJECTS, **{token: found for more in MORE for token, found in more.SUBJECTS.items()}}
CONFIG = {"aws:region": REGION, "aws:defaultTags": {"tags": {"owner": "walk"}}}
UP = ("up", "--yes", "--skip-preview")
UNCHANGED = ("preview", "--refresh", "--expect-no-changes")
DESTROY = ("destroy", "--yes", "--skip-preview")


@pytest.fixture(scope="module")
def walk(engine: Engine, client: Callable[[str], Any]) -> Walk:
    """Run the whole lifecycle; if a step fails, the tests for the types concerned fail."""
    stack = engine.stack("made", CONFIG)
    stack.step("create", *UP)
    outputs = resources(stack)
    stack.step("created", *UNCHANGED)
    stack.step("preview of update", "preview", variant="update")
    stack.step("update", *UP, variant="update")
    ids = {token: str(found["id"]) for token, found in resources(stack).items()}
    observed = {"before": read_all(client, ids)}
    for subject in SUBJECTS.values():
        subject.cause_drift(client, ids)
    observed["during"] = read_all(client, ids)
    stack.step("repair", *UP, "--refresh", variant="update")
    observed["after"] = read_all(client, ids)
    stack.step("replace", *UP, variant="replace")
    stack.step("replaced", *UNCHANGED, variant="replace")
    stack.step("destroy", *DESTROY)
    remaining = {"made": list_all_existing(client)}
    other = run_import(engine, client)
    remaining["adopted"] = list_all_existing(client)
    wiped = run_wipe(engine, client)
    return Walk(
        steps={**stack.steps, **other.steps, **wiped.steps},
        observed=observed,
        remaining=remaining,
        outputs=outputs,
    )


def run_import(engine: Engine, client: Callable[[str], Any]) -> Stack:
    """Import objects created with boto3, compare them with the program, and delete them."""
    stack = engine.stack("adopted", CONFIG)
    ids = adopted.create_all(client)
    for more in MORE:
        ids |= more.create_all(client)
    entries = [{"type": token, "name": "main", "id": found} for token, found in ids.items()]
    dead = client("sqs").get_queue_url(QueueName="adopt-dead")["QueueUrl"]
    entries.append({"type": "aws:sqs/queue:Queue", "name": "dead", "id": dead})
    listed = engine.folder / "import.json"
    listed.write_text(json.dumps({"resources": entries}))
    stack.step(
        "import", "import", "--file", str(listed), "--yes", "--generate-code=false", "--protect=false", "--skip-preview"
    )
    stack.step("imported", *UNCHANGED, variant="adopt")
    for more in MORE:
        more.delete_all(client, ids)
    adopted.delete_all(client)
    stack.step("vanished", "refresh", "--preview-only")
    stack.step("destroy of nothing", *DESTROY)
    return stack


def run_wipe(engine: Engine, client: Callable[[str], Any]) -> Stack:
    """Wipe a stack's account, including everything that its resources refer to."""
    stack = engine.stack("wiped", CONFIG)
    stack.step("create of the wiped", *UP)
    address = client("sqs").meta.endpoint_url
    with urllib.request.urlopen(urllib.request.Request(f"{address}/_ministack/reset", method="POST")):  # noqa: S310
        pass
    stack.step("wiped", "refresh", "--preview-only")
    stack.step("destroy of the wiped", *DESTROY)
    return stack


def list_all_existing(client: Callable[[str], Any]) -> dict[str, list[str]]:
    """Return everything that exists in the account, by kind."""
    found = adopted.list_existing(client)
    for more in MORE:
        found |= more.list_existing(client)
    return found


def resources(stack: Stack) -> dict[str, Mapping[str, Any]]:
    """Return each type's main resource in the state."""
    exported = json.loads(stack.engine.run("stack", "export", "--stack", stack.name).stdout)
    found = exported["deployment"].get("resources", [])
    return {one["type"]: one for one in found if one["urn"].endswith("::main")}


def read_all(client: Callable[[str], Any], ids: Ids) -> dict[str, object]:
    """Read every type from the API."""
    return {token: subject.read_live(client, ids) for token, subject in SUBJECTS.items()}


def test_every_row_is_covered() -> None:
    assert SUBJECTS.keys() == ROWS.keys()


def test_every_kind_is_covered(walk: Walk) -> None:
    assert sorted(walk.remaining["made"]) == KINDS


every_type = pytest.mark.parametrize("token", sorted(SUBJECTS))


@every_type
def test_resource_is_created(walk: Walk, token: str) -> None:
    assert walk.of("create", token) == {"create"}


@every_type
def test_created_resource_reads_back_as_requested(walk: Walk, token: str) -> None:
    assert walk.of("created", token) == {"refresh", "same"}
    assert walk.steps["created"].code == 0, walk.steps["created"].output


@every_type
def test_state_is_marked_as_offline(walk: Walk, token: str) -> None:
    assert walk.outputs[token]["outputs"]["__standIn"] == "intermodal"


@every_type
def test_preview_says_what_an_update_changes(walk: Walk, token: str) -> None:
    assert walk.of("preview of update", token) == ({"update"} if SUBJECTS[token].updated else {"same"})
    assert walk.steps["preview of update"].details[token] == SUBJECTS[token].updated


@every_type
def test_resource_is_updated(walk: Walk, token: str) -> None:
    assert walk.of("update", token) == ({"update"} if SUBJECTS[token].updated else {"same"})
    assert walk.steps["update"].details[token] == SUBJECTS[token].updated


@every_type
def test_drift_is_detected_and_repaired(walk: Walk, token: str) -> None:
    before, during, after = (walk.observed[when][token] for when in ("before", "during", "after"))
    assert during != before, "the drift had no effect"
    assert after == before
    drifted = SUBJECTS[token].drifted
    assert walk.of("repair", token) == ({"refresh", "update"} if drifted else {"refresh", "create"})
    assert not drifted or drifted in {path.partition("[")[0] for path in walk.steps["repair"].details[token]}


@every_type
def test_resource_is_replaced(walk: Walk, token: str) -> None:
    assert {"create-replacement", "delete-replaced"} <= walk.of("replace", token)
    details = walk.steps["replace"].details[token]
    assert SUBJECTS[token].replaced in details or (SUBJECTS[token].cascades and not details)


@every_type
def test_reads_back_after_replacement(walk: Walk, token: str) -> None:
    assert walk.of("replaced", token) == {"refresh", "same"}
    assert walk.steps["replaced"].code == 0, walk.steps["replaced"].output


@every_type
def test_resource_is_deleted(walk: Walk, token: str) -> None:
    assert walk.of("destroy", token) == {"delete"}


@every_type
def test_resource_is_imported(walk: Walk, token: str) -> None:
    assert walk.of("import", token) == {"import"}


@every_type
def test_import_matches_the_program(walk: Walk, token: str) -> None:
    assert walk.of("imported", token) == {"refresh", "same"}
    assert walk.steps["imported"].code == 0, walk.steps["imported"].output


@every_type
def test_refresh_detects_deletion(walk: Walk, token: str) -> None:
    assert walk.of("vanished", token) == {"refresh", "delete"}


@every_type
def test_deleting_a_missing_resource_succeeds(walk: Walk, token: str) -> None:
    assert walk.of("destroy of nothing", token) == {"delete"}
    assert walk.steps["destroy of nothing"].code == 0, walk.steps["destroy of nothing"].output


@every_type
def test_refresh_detects_a_wiped_emulator(walk: Walk, token: str) -> None:
    assert walk.of("wiped", token) == {"refresh", "delete"}
    assert walk.steps["wiped"].code == 0, walk.steps["wiped"].output


@every_type
def test_deleting_after_a_wipe_succeeds(walk: Walk, token: str) -> None:
    assert walk.of("destroy of the wiped", token) == {"delete"}
    assert walk.steps["destroy of the wiped"].code == 0, walk.steps["destroy of the wiped"].output


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("stack", ["made", "adopted"])
def test_destroy_leaves_nothing(walk: Walk, stack: str, kind: str) -> None:
    assert walk.remaining[stack][kind] == []


def test_resource_tags_override_default_tags(walk: Walk) -> None:
    queue = walk.outputs["aws:sqs/queue:Queue"]["outputs"]
    assert queue["tags"] == {"team": "a"}
    assert queue["tagsAll"] == {"team": "a", "owner": "walk"}


@pytest.mark.parametrize("step", ["create", "update", "repair", "replace", "destroy", "import", "vanished"])
def test_step_succeeds_without_a_traceback(walk: Walk, step: str) -> None:
    assert walk.steps[step].code == 0, walk.steps[step].output
    assert "Traceback" not in walk.steps[step].output
