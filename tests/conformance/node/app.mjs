// Does what each message says, and tells a queue what it saw of the world: ../python/app.py in JavaScript.

import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

// The embedded AWS writes its own loopback address into queue URLs, and pods know it by another.
const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });

// A batch: `ok` tells, `bad` is a failed item, the other words end the run in their own way.
export async function handler(event, context) {
  const failures = [];
  for (const record of event.Records) {
    const body = JSON.parse(record.body);
    process.stdout.write(`${JSON.stringify({ level: "INFO", id: body.id, run: context.awsRequestId })}\n`);
    switch (body.do) {
      case "bad":
        failures.push({ itemIdentifier: record.messageId });
        break;
      case "error":
        throw new LookupError(body.id);
      case "crash":
        process.exit(3);
        break;
      case "timeout":
        await new Promise((never) => setTimeout(never, 1e9));
        break;
      case "memory":
        Buffer.alloc(2 ** 30, 1);
        break;
      default:
        await tell(body.id, record, context);
    }
  }
  return { batchItemFailures: failures };
}

class LookupError extends Error {
  name = "LookupError";
}

async function tell(name, record, context) {
  const left = context.getRemainingTimeInMillis();
  const report = {
    id: name,
    record,
    environment: { ...process.env },
    context: {
      function_name: context.functionName,
      function_version: context.functionVersion,
      memory_limit_in_mb: String(context.memoryLimitInMB),
      invoked_function_arn: context.invokedFunctionArn,
      has_time_left: left > 0 && left <= 60000,
    },
    forbidden: await forbidden(),
  };
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.RESULTS_URL, MessageBody: JSON.stringify(report) }));
}

// The error of a call that the role does not permit.
async function forbidden() {
  try {
    await new S3Client({}).send(new ListBucketsCommand({}));
  } catch (error) {
    return error.name;
  }
  return "permitted";
}
