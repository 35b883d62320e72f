"""Every failed call to SQS raises one of two errors, so that lease renewal survives."""

from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError, CredentialRetrievalError

from intermodal_runtime.consumer.queue import QueueUnavailableError
from intermodal_runtime.consumer.sqs import SqsQueue
from tests.runtime.consumer.worker import ARN


@pytest.mark.parametrize(
    "trouble",
    [
        ClientError({"Error": {"Code": "AccessDenied", "Message": "no trust yet"}}, "AssumeRoleWithWebIdentity"),
        CredentialRetrievalError(provider="container-role", error_msg="the agent is busy"),
        RuntimeError("Credentials were refreshed, but the refreshed credentials are still expired."),
    ],
)
async def test_missing_credentials_make_the_queue_unavailable(
    monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    """botocore fetches credentials while it signs; an STS error is passed on unchanged."""
    queue = SqsQueue("http://127.0.0.1:1/000000000000/none", ARN)

    class Credentials:
        def get_frozen_credentials(self) -> Any:
            raise trouble

    monkeypatch.setattr(botocore.session.Session, "get_credentials", lambda _: Credentials())
    with pytest.raises(QueueUnavailableError, match=type(trouble).__name__):
        await queue.receive(1, 0, 30)
    queue.close()
