// Does what each message says: ../python/app.py in Go, without an SDK.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type message struct {
	Do string `json:"do"`
	ID string `json:"id"`
}

func handle(ctx context.Context, event events.SQSEvent) (events.SQSEventResponse, error) {
	response := events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{}}
	about, _ := lambdacontext.FromContext(ctx)
	deadline, _ := ctx.Deadline()
	left := time.Until(deadline)
	for _, record := range event.Records {
		var body message
		if err := json.Unmarshal([]byte(record.Body), &body); err != nil {
			return response, err
		}
		line, _ := json.Marshal(map[string]any{
			"level": "INFO", "id": body.ID, "run": about.AwsRequestID, "arn": about.InvokedFunctionArn,
			"name": lambdacontext.FunctionName, "memory": strconv.Itoa(lambdacontext.MemoryLimitInMB),
			"in_time": left > 0 && left <= time.Minute, "message": record.MessageId, "user": os.Getuid(),
		})
		fmt.Println(string(line))
		switch body.Do {
		case "bad":
			failure := events.SQSBatchItemFailure{ItemIdentifier: record.MessageId}
			response.BatchItemFailures = append(response.BatchItemFailures, failure)
		case "error":
			return response, errors.New(body.ID)
		}
	}
	return response, nil
}

func main() { lambda.Start(handle) }
