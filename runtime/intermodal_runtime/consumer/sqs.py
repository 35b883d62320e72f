"""Call SQS with botocore's credentials, endpoint, signature and HTTP session, but without its request pipeline.

A botocore client triples the CPU time of a call, mostly for models, hooks and retries. An SQS call is a POST request
with JSON (SQS API reference, "AWS JSON protocol"), and the consumer handles retries.
"""

import asyncio
import base64
import json
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import botocore.session
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import NoCredentialsError
from botocore.httpsession import URLLib3Session

from .messages import Message
from .queue import QueueGoneError, QueueUnavailableError, Rejected

GONE = ("NonExistentQueue", "QueueDoesNotExist")
CONNECT_SECONDS = 5
SECONDS_ABOVE_POLL = 10
"""Margin by which the read timeout exceeds the long poll's wait time."""


class SqsQueue:
    """An SQS queue. Each call uses a thread, so that long polls do not delay deletes and renewals."""

    def __init__(self, url: str, arn: str, *, poll_seconds: int = 20, threads: int = 8) -> None:
        region = arn.split(":")[3]
        self._url, self._arn = url, arn
        session = botocore.session.get_session()
        client: Any = session.create_client(
            "sqs", region_name=region
        )  # resolves the endpoint, certificates and proxies
        self._endpoint = client.meta.endpoint_url
        self._session, self._region = session, region
        self._http = URLLib3Session(
            verify=session.get_config_variable("ca_bundle") or True,
            proxies=client.meta.config.proxies,
            timeout=(CONNECT_SECONDS, poll_seconds + SECONDS_ABOVE_POLL),  # type: ignore[arg-type]
            # Headers and body are separate writes; without this, the second waits 40 ms for the first one's ACK.
            socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],  # type: ignore[list-item]
            max_pool_connections=threads,
        )
        client.close()
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="sqs")

    async def receive(
        self, maximum: int, wait_seconds: int, visibility_seconds: int, attempt_id: str = ""
    ) -> list[Message]:
        """Receive up to `maximum` messages with all attributes."""
        attempt = {"ReceiveRequestAttemptId": attempt_id} if attempt_id else {}
        answer = await self._call(
            "ReceiveMessage",
            {
                "MaxNumberOfMessages": maximum,
                "WaitTimeSeconds": wait_seconds,
                "VisibilityTimeout": visibility_seconds,
                "MessageSystemAttributeNames": ["All"],
                "MessageAttributeNames": ["All"],
                **attempt,
            },
        )
        return [Message(_decode(raw), self._arn) for raw in answer.get("Messages") or []]

    async def delete(self, messages: Sequence[Message]) -> list[Rejected]:
        """Delete messages with one request."""
        entries = [{"Id": str(at), "ReceiptHandle": message.receipt} for at, message in enumerate(messages)]
        return _parse_rejected(messages, await self._call("DeleteMessageBatch", {"Entries": entries}))

    async def change_visibility(self, messages: Sequence[tuple[Message, int]]) -> list[Rejected]:
        """Change visibility timeouts with one request."""
        entries = [
            {"Id": str(at), "ReceiptHandle": message.receipt, "VisibilityTimeout": seconds}
            for at, (message, seconds) in enumerate(messages)
        ]
        answer = await self._call("ChangeMessageVisibilityBatch", {"Entries": entries})
        return _parse_rejected([message for message, _ in messages], answer)

    async def maximum_receives(self) -> int:
        """Return the current maxReceiveCount from the redrive policy, or 0 without a redrive policy."""
        answer = await self._call("GetQueueAttributes", {"AttributeNames": ["RedrivePolicy"]})
        policy = (answer.get("Attributes") or {}).get("RedrivePolicy")
        return int(json.loads(policy)["maxReceiveCount"]) if policy else 0

    def close(self) -> None:
        """Release the threads without waiting for calls in progress, which end with the process."""
        self._threads.shutdown(wait=False)
        self._http.close()

    async def _call(self, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        body = json.dumps({"QueueUrl": self._url, **parameters}).encode()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, self._post, operation, body)
        except (QueueGoneError, QueueUnavailableError):
            raise
        except Exception as error:  # covers STS errors, and the RuntimeError for expired credentials
            raise QueueUnavailableError(f"{type(error).__name__}: {error}") from error

    def _post(self, operation: str, body: bytes) -> dict[str, Any]:
        credentials = self._session.get_credentials()
        if credentials is None:
            raise NoCredentialsError
        headers = {"X-Amz-Target": f"AmazonSQS.{operation}", "Content-Type": "application/x-amz-json-1.0"}
        request = AWSRequest("POST", self._endpoint, headers=headers, data=body)
        SigV4Auth(credentials.get_frozen_credentials(), "sqs", self._region).add_auth(request)
        answer = self._http.send(request.prepare())
        if answer.status_code == 200:
            found: dict[str, Any] = json.loads(answer.content or b"{}")
            return found
        raise _parse_error(answer)


def _parse_error(answer: Any) -> Exception:
    """Return the error for a rejected call, with the error code of the query protocol if the response contains it."""
    try:
        body = json.loads(answer.content)
    except ValueError:
        body = {}
    kind = answer.headers.get("x-amzn-query-error", "").partition(";")[0] or str(body.get("__type", ""))
    code = kind.rpartition("#")[2] or f"status {answer.status_code}"
    text = f"{code}: {body.get('message') or body.get('Message') or answer.text[:300]}"
    return QueueGoneError(text) if code.endswith(GONE) else QueueUnavailableError(text)


def _decode(raw: dict[str, Any]) -> dict[str, Any]:
    """Decode binary values, which are base64 in JSON."""
    for value in (raw.get("MessageAttributes") or {}).values():
        if "BinaryValue" in value:
            value["BinaryValue"] = base64.b64decode(value["BinaryValue"])
    return raw


def _parse_rejected(messages: Sequence[Message], answer: dict[str, Any]) -> list[Rejected]:
    return [
        Rejected(messages[int(entry["Id"])], entry["Code"], bool(entry.get("SenderFault")), entry.get("Message") or "")
        for entry in answer.get("Failed") or []
    ]
