"""Define the Lambda function settings that an execution environment uses."""

from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.config import Config

from intermodal_runtime import FunctionContext
from local.aws.settings import Emulator


@dataclass(frozen=True, kw_only=True)
class Function:
    """Settings for an execution environment; equal functions can share environments."""

    arn: str
    image: str
    context: FunctionContext
    variables: tuple[tuple[str, str], ...]
    credentials: tuple[tuple[str, str], ...] = field(repr=False)
    command: tuple[str, ...]
    entrypoint: tuple[str, ...]
    working_directory: str
    endpoint: str
    label: str
    log_format: str

    @classmethod
    def of(cls, config: dict[str, Any], emulator: Emulator) -> "Function":
        """Return the function for ministack's function `config`."""
        from ministack.core.lambda_runtime import execution_credentials  # noqa: PLC0415 - emulator only

        arn = config["FunctionArn"]
        logging = config.get("LoggingConfig") or {}
        image = (config.get("ImageConfigResponse") or {}).get("ImageConfig") or {}
        context = FunctionContext(
            name=config["FunctionName"],
            memory_mib=int(config["MemorySize"]),
            timeout_seconds=float(config["Timeout"]),
            region=arn.split(":")[3],
            account_id=arn.split(":")[4],
            arn=arn,
            log_group=logging.get("LogGroup", ""),
        )
        variables = (config.get("Environment") or {}).get("Variables") or {}
        return cls(
            arn=arn,
            image=config["ImageUri"],
            context=context,
            variables=tuple(sorted(variables.items())),
            credentials=tuple(sorted(execution_credentials(config).items())),
            command=tuple(image.get("Command") or ()),
            entrypoint=tuple(image.get("EntryPoint") or ()),
            working_directory=image.get("WorkingDirectory") or "",
            endpoint=emulator.endpoint,
            label=emulator.label,
            log_format=logging.get("LogFormat", "Text"),
        )

    def environment(self) -> dict[str, str]:
        """Return the variables that the container needs besides the runtime's, including the role's credentials."""
        return (
            dict(self.variables)
            | dict(self.credentials)
            | {
                "AWS_ENDPOINT_URL": self.endpoint,
                "AWS_LAMBDA_LOG_FORMAT": self.log_format,
            }
        )

    def logs(self) -> Any:
        """Return a CloudWatch Logs client with the execution role's credentials."""
        keys = dict(self.credentials)
        return boto3.client(
            "logs",
            endpoint_url=self.endpoint,
            region_name=self.context.region,
            aws_access_key_id=keys["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=keys["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=keys["AWS_SESSION_TOKEN"],
            config=Config(retries={"total_max_attempts": 2}),
        )
