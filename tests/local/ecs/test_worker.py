"""A task's adapter, gate and app share loopback and the role's credentials, and reach the emulator."""

from local.aws.settings import ACCOUNT, Emulator
from tests.local.ecs.conftest import Ecs, exit_codes

ADAPTER = """
import http.server, signal, sys
def stop(*_):
    print("adapter stops", flush=True); sys.exit(0)
signal.signal(signal.SIGTERM, stop)
class H(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.send_header("Content-Length", "2"); self.end_headers(); self.wfile.write(b"ok")
http.server.HTTPServer(("127.0.0.1", 9001), H).serve_forever()
"""
GATE = """
import socket, time
while socket.socket().connect_ex(("127.0.0.1", 9001)): time.sleep(0.05)
print("gate open")
"""
APP = """
import boto3, os, urllib.request
print(urllib.request.urlopen("http://127.0.0.1:9001/").read().decode())
print(boto3.client("sts").get_caller_identity()["Arn"])
print(os.environ["AWS_ENDPOINT_URL"])
queue = boto3.client("sqs").create_queue(QueueName="from-a-task")["QueueUrl"]
boto3.client("sqs").send_message(QueueUrl=queue, MessageBody="hello")
try:
    boto3.client("s3").list_buckets()
except Exception as error:
    print(error.response["Error"]["Code"])
print("pid", os.getpid())
"""


def test_gate_adapter_and_app_share_port_and_volume(ecs: Ecs, emulator: Emulator) -> None:
    task = ecs.run(
        ecs.python("adapter", ADAPTER),
        ecs.python("gate", GATE, essential=False, dependsOn=[{"containerName": "adapter", "condition": "START"}]),
        ecs.python("app", APP, dependsOn=[{"containerName": "gate", "condition": "SUCCESS"}]),
    )
    task_id = task["taskArn"].rsplit("/", 1)[-1]
    assert ecs.log_lines(task, "app") == [
        "ok",
        f"arn:aws:sts::{ACCOUNT}:assumed-role/ecs-task/{task_id}",
        emulator.endpoint,
        "AccessDenied",
        "pid 1",
    ]
    assert exit_codes(task) == {"adapter": 0, "gate": 0, "app": 0}
    assert ecs.log_lines(task, "adapter")[-1] == "adapter stops"
    assert (task["stopCode"], task["stoppedReason"]) == (
        "EssentialContainerExited",
        "Essential container in task exited",
    )
    queue = ecs.client("sqs").get_queue_url(QueueName="from-a-task")["QueueUrl"]
    assert ecs.client("sqs").receive_message(QueueUrl=queue)["Messages"][0]["Body"] == "hello"
