"""Record what a program registers, and isolate every test from this machine."""

import asyncio
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pulumi
import pytest
from hypothesis import settings
from pulumi.runtime import config as pulumi_config
from xdist.scheduler import LoadFileScheduling

settings.register_profile("shared machine", deadline=None)  # test properties, not timing
settings.load_profile("shared machine")

ROOT = Path(__file__).parents[1]
"""Root of the clone."""

PROJECT, STACK = "proj", "dev"
ACCOUNT, REGION = "123456789012", "eu-central-1"
DIGEST = "sha256:" + "0" * 64
"""Digest of every image that is built."""

IMAGE = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/scan@{DIGEST}"
"""An image that every target accepts: one ECR manifest, by digest."""

SECRET = '{"user": "ada", "port": 5432}'
"""Value of every secret of the recorder."""

LAMBDA_TRUST = (
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", '
    '"Principal": {"Service": "lambda.amazonaws.com"}}]}'
)
ARNS = {
    "aws:sqs/queue:Queue": "sqs:{region}:{account}:{name}",
    "aws:cloudwatch/logGroup:LogGroup": "logs:{region}:{account}:log-group:{name}",
    "aws:scheduler/scheduleGroup:ScheduleGroup": "scheduler:{region}:{account}:schedule-group/{name}",
}
"""ARNs whose format the library parses."""


class Cloud(pulumi.runtime.Mocks):
    """Fake cloud that records every registration."""

    def __init__(self) -> None:
        self.resources: dict[str, pulumi.runtime.MockResourceArgs] = {}

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        """Record a registration; derive ARNs and URLs from the name, so that a policy shows its references."""
        self.resources[f"{args.typ} {args.name}"] = args
        made: dict[str, Any] = {
            "arn": f"arn:{args.name}",
            "url": f"https://{args.name}",
            "name": args.name,
            "uuid": args.name,
        }
        if args.typ == "aws:ec2/vpc:Vpc":
            made["ipv6CidrBlock"] = "2001:db8:1234:5600::/56" if args.inputs.get("assignGeneratedIpv6CidrBlock") else ""
        if args.typ == "aws:apigatewayv2/api:Api":
            made |= {"apiEndpoint": f"https://{args.name}", "executionArn": f"arn:{args.name}"}
        if args.typ == "eks:index:Cluster":
            made["clusterSecurityGroupId"] = "sg-nodes"
            made["oidcProviderArn"] = f"arn:aws:iam::{ACCOUNT}:oidc-provider/oidc.eks.{REGION}.amazonaws.com/id/1"
        if args.typ == "docker-build:index:Image":  # with a password the plugin marks all of it secret
            made["ref"] = pulumi.Output.secret(f"{args.inputs['tags'][0]}@{DIGEST}")
        if args.typ in ARNS:
            made["arn"] = f"arn:aws:{ARNS[args.typ]}".format(region=REGION, account=ACCOUNT, name=args.name)
        return f"{args.name}-id", {**made, **args.inputs}

    def call(self, args: pulumi.runtime.MockCallArgs) -> Any:
        """Answer the invokes of the library; fail for any other."""
        answers: dict[str, dict[str, Any]] = {
            "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": ACCOUNT},
            "aws:index/getRegion:getRegion": {"region": REGION},
            "aws:iam/getRole:getRole": {
                "name": args.args.get("name"),
                "arn": f"arn:aws:iam::{ACCOUNT}:role/{args.args.get('name')}",
                "assumeRolePolicy": LAMBDA_TRUST,
            },
            "aws:ecr/getAuthorizationToken:getAuthorizationToken": {
                "userName": f"{args.args.get('registryId')} in {args.args.get('region')}",
                "password": "swordfish",
            },
            "aws:secretsmanager/getSecretVersion:getSecretVersion": {"secretString": SECRET},
            "aws:ssm/getParameter:getParameter": {"value": "plain"},
            "aws:cloudwatch/getEventBus:getEventBus": {
                "name": args.args.get("name"),
                "arn": f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/{args.args.get('name')}",
            },
        }
        return answers[args.token]

    def inputs(self, typ: str, name: str) -> dict[str, Any]:
        """Return the inputs of a registered resource."""
        return dict(self.resources[f"{typ} {name}"].inputs)

    def list_registrations(self) -> list[str]:
        """Return `type name` of every registration except the stack's own, sorted."""
        return sorted(key for key in self.resources if not key.startswith("pulumi:"))


Run = Callable[[Callable[[], object]], Cloud]


class Session:
    """Event loops in which programs run against mocks; close them with what a refusal leaves open."""

    def __init__(self) -> None:
        self._loops = [asyncio.new_event_loop()]
        self._executor = ThreadPoolExecutor(max_workers=4, initializer=self._open_loop)
        self._loops[0].set_default_executor(self._executor)
        asyncio.set_event_loop(self._loops[0])

    def _open_loop(self) -> None:  # the mocks need one per thread, and leak those that they create
        self._loops.append(asyncio.new_event_loop())
        asyncio.set_event_loop(self._loops[-1])

    def run(self, program: Callable[[], object], mocks: Any, project: str = PROJECT, stack: str = STACK) -> None:
        """Run a program; raise its exception unchanged."""
        pulumi.runtime.set_mocks(mocks, project=project, stack=stack)
        pulumi.runtime.test(program)()  # type: ignore[no-untyped-call]

    def close(self) -> None:
        """Close everything that the programs opened."""
        self._executor.shutdown()
        for loop in self._loops:
            for task in asyncio.all_tasks(loop):  # left by a refusal; the garbage collector would find them later
                task.get_coro().close()
        pulumi_config.set_all_config({})
        asyncio.set_event_loop(None)
        for loop in self._loops:
            loop.close()


@pytest.fixture
def session() -> Iterator[Session]:
    """Return event loops for one test."""
    opened = Session()
    yield opened
    opened.close()


@pytest.fixture
def cloud(session: Session) -> Run:
    """Run a program against a fresh recorder: `cloud(program)` returns the registrations.

    An exception of the program is raised unchanged.
    """

    def run(program: Callable[[], object]) -> Cloud:
        recorder = Cloud()
        session.run(program, recorder)
        return recorder

    return run


@pytest.fixture(autouse=True)
def hermetic(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Hide accounts, profiles and endpoints of this machine; `tmp_path / "config"` is the AWS config."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)


UNIT = (ROOT / "tests" / "unit", ROOT / "tests" / "runtime")
"""Folders that need no Docker, no emulator and no cluster."""


LONG = ("conformance", "engine", "local", "offline", "bench", "judge", "cluster", "processes", "chaos", "site", "tiers")
"""Folders of long tests: a worker that begins one of them in the end keeps the others waiting.

Conformance and chaos are far apart: together they start more containers than two cores can run in time.
"""

HEAVY = "tests/chaos/"
"""Folder whose files stay on one worker: side by side, they start more containers than two cores can run in time."""


class OneAtATime(LoadFileScheduling):  # type: ignore[misc]
    """Distribute tests by file, but the heavy ones by folder."""

    def _split_scope(self, nodeid: str) -> str:
        return HEAVY if nodeid.startswith(HEAVY) else str(super()._split_scope(nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling | None:
    """Keep heavy tests on one worker of `--dist loadfile`."""
    return OneAtATime(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the long tests first, whatever the order of pytest-randomly."""
    ranks = {ROOT / "tests" / folder: rank for rank, folder in enumerate(LONG)}

    def rank(item: pytest.Item) -> int:
        return next((ranks[folder] for folder in item.path.parents if folder in ranks), len(ranks))

    items.sort(key=rank)


def pytest_configure(config: pytest.Config) -> None:
    """Load the fixtures of Docker, the emulator and the cluster unless only unit tests run."""
    paths = [Path(config.invocation_params.dir, argument.partition("::")[0]) for argument in config.args]
    if not all(any(path.resolve().is_relative_to(folder) for folder in UNIT) for path in paths):
        config.pluginmanager.import_plugin("tests.machines")
