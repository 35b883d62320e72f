// Command upstream makes the calls that the official aws plugin makes for each resource type of this project.
//
// It calls an emulator on a loopback address with the SDK and protocols of that plugin, and prints one line of
// JSON for each type: {"type": …, "error": …}.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// world holds values of earlier types that later ones refer to.
type world struct {
	cfg                                               aws.Config
	account                                           string
	vpc, subnet, gateway, egress, allocation, nat     string
	table, group                                      string
	role, policy                                      string
	queue, queueArn, topic, function, logGroup, image string
	cluster, service, definition                      string
	api, integration                                  string
	secret, bucket, bus, rule, scheduleGroup          string
}

type check struct {
	kind string
	run  func(context.Context, *world) error
}

// want returns an error unless a condition holds.
func want(holds bool, format string, values ...any) error {
	if holds {
		return nil
	}
	return fmt.Errorf(format, values...)
}

// poll repeats a call until it is done, like the plugin's waiters, for at most ten seconds.
func poll(ctx context.Context, what string, done func() (bool, error)) error {
	for range 20 {
		ok, err := done()
		if err != nil || ok {
			return err
		}
		time.Sleep(500 * time.Millisecond)
	}
	return errors.New("waited 10 s for " + what)
}

func main() {
	endpoint := os.Args[1]
	parsed, err := url.Parse(endpoint)
	address, bad := netip.ParseAddr(parsed.Hostname())
	if err != nil || bad != nil || !address.IsLoopback() {
		fmt.Fprintln(os.Stderr, "the endpoint must be a loopback address, got "+endpoint)
		os.Exit(2)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	cfg, err := config.LoadDefaultConfig(
		ctx,
		config.WithRegion("eu-central-1"),
		config.WithBaseEndpoint(endpoint),
		config.WithCredentialsProvider(credentials.NewStaticCredentialsProvider("111122223333", "test", "")),
		config.WithRetryer(func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts = 2 })
		}),
	)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	here := &world{cfg: cfg, image: "intermodal-local/function:1"}
	lines := json.NewEncoder(os.Stdout)
	for _, checks := range [][]check{identityChecks, networkChecks, messagingChecks, computeChecks, storageChecks, httpChecks, leaving} {
		for _, each := range checks {
			said := ""
			if err := each.run(ctx, here); err != nil {
				said = err.Error()
			}
			_ = lines.Encode(map[string]string{"type": each.kind, "error": said})
		}
	}
}
