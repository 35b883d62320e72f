package main

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

var httpChecks = []check{
	{"aws:apigatewayv2/api:Api", api},
	{"aws:apigatewayv2/integration:Integration", integration},
	{"aws:apigatewayv2/route:Route", apiRoute},
	{"aws:apigatewayv2/stage:Stage", stage},
}

func (w *world) http() *apigatewayv2.Client { return apigatewayv2.NewFromConfig(w.cfg) }

func api(ctx context.Context, w *world) error {
	made, err := w.http().CreateApi(ctx, &apigatewayv2.CreateApiInput{
		Name: aws.String("upstream"), ProtocolType: types.ProtocolTypeHttp, Tags: map[string]string{"team": "a"},
	})
	if err != nil {
		return err
	}
	w.api = *made.ApiId
	found, err := w.http().GetApi(ctx, &apigatewayv2.GetApiInput{ApiId: &w.api})
	if err != nil {
		return err
	}
	return want(found.Tags["team"] == "a" && *found.ApiEndpoint != "", "tags and an endpoint, got %v", found.Tags)
}

func integration(ctx context.Context, w *world) error {
	made, err := w.http().CreateIntegration(ctx, &apigatewayv2.CreateIntegrationInput{
		ApiId: &w.api, IntegrationType: types.IntegrationTypeAwsProxy, IntegrationSubtype: aws.String("SQS-SendMessage"),
		CredentialsArn: &w.role, PayloadFormatVersion: aws.String("1.0"),
		RequestParameters: map[string]string{"QueueUrl": w.queue, "MessageBody": "$request.body"},
	})
	if err != nil {
		return err
	}
	w.integration = *made.IntegrationId
	found, err := w.http().GetIntegration(ctx, &apigatewayv2.GetIntegrationInput{ApiId: &w.api, IntegrationId: &w.integration})
	if err != nil {
		return err
	}
	return want(aws.ToString(found.IntegrationSubtype) == "SQS-SendMessage", "the subtype")
}

func apiRoute(ctx context.Context, w *world) error {
	made, err := w.http().CreateRoute(ctx, &apigatewayv2.CreateRouteInput{
		ApiId: &w.api, RouteKey: aws.String("POST /events"), Target: aws.String("integrations/" + w.integration),
		AuthorizationType: types.AuthorizationTypeAwsIam,
	})
	if err != nil {
		return err
	}
	found, err := w.http().GetRoute(ctx, &apigatewayv2.GetRouteInput{ApiId: &w.api, RouteId: made.RouteId})
	if err != nil {
		return err
	}
	return want(found.AuthorizationType == types.AuthorizationTypeAwsIam, "IAM, got %s", found.AuthorizationType)
}

func stage(ctx context.Context, w *world) error {
	name := "$default"
	if _, err := w.http().CreateStage(ctx, &apigatewayv2.CreateStageInput{ApiId: &w.api, StageName: &name, AutoDeploy: aws.Bool(true)}); err != nil {
		return err
	}
	found, err := w.http().GetStage(ctx, &apigatewayv2.GetStageInput{ApiId: &w.api, StageName: &name})
	if err != nil {
		return err
	}
	return want(aws.ToBool(found.AutoDeploy), "a stage that deploys by itself")
}
