// Consumes messages with sqs-consumer in batches of ten; the handler does nothing.
import { SQSClient } from "@aws-sdk/client-sqs";
import { Consumer } from "sqs-consumer";

const consumer = Consumer.create({
  queueUrl: process.env.QUEUE_URL,
  batchSize: 10,
  waitTimeSeconds: 20,
  visibilityTimeout: 120,
  handleMessageBatch: async (messages) => messages,
  sqs: new SQSClient({ region: "us-east-1" }),
});
consumer.on("error", (error) => console.error(error.message));
consumer.on("processing_error", (error) => console.error(error.message));
process.on("SIGTERM", () => process.exit(0));
consumer.start();
