package example;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Does what each message says: ../python/app.py in Java, without an SDK. */
public class App implements RequestStreamHandler {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        ObjectNode response = JSON.createObjectNode();
        ArrayNode failures = response.putArray("batchItemFailures");
        for (JsonNode record : JSON.readTree(input).get("Records")) {
            JsonNode body = JSON.readTree(record.get("body").asText());
            int left = context.getRemainingTimeInMillis();
            ObjectNode line = JSON.createObjectNode();
            line.put("level", "INFO").put("id", body.get("id").asText()).put("run", context.getAwsRequestId());
            line.put("arn", context.getInvokedFunctionArn()).put("name", context.getFunctionName());
            line.put("memory", String.valueOf(context.getMemoryLimitInMB()));
            line.put("in_time", 0 < left && left <= 60_000).put("message", record.get("messageId").asText());
            System.out.println(JSON.writeValueAsString(line));
            switch (body.get("do").asText()) {
                case "bad" -> failures.addObject().put("itemIdentifier", record.get("messageId").asText());
                case "error" -> throw new IllegalStateException(body.get("id").asText());
                default -> { }
            }
        }
        JSON.writeValue(output, response);
    }
}
