package main

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	aas "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	aastypes "github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	ltypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

var computeChecks = []check{
	{"aws:lambda/function:Function", function},
	{"aws:lambda/eventSourceMapping:EventSourceMapping", mapping},
	{"aws:ecs/cluster:Cluster", cluster},
	{"aws:ecs/clusterCapacityProviders:ClusterCapacityProviders", capacityProviders},
	{"aws:ecs/taskDefinition:TaskDefinition", taskDefinition},
	{"aws:ecs/service:Service", service},
	{"aws:appautoscaling/target:Target", scalingTarget},
	{"aws:appautoscaling/policy:Policy", scalingPolicy},
}

func (w *world) lambda() *lambda.Client { return lambda.NewFromConfig(w.cfg) }

func function(ctx context.Context, w *world) error {
	c := w.lambda()
	w.function = "upstream"
	_, err := c.CreateFunction(ctx, &lambda.CreateFunctionInput{
		FunctionName: &w.function, Role: &w.role, PackageType: ltypes.PackageTypeImage,
		Code: &ltypes.FunctionCode{ImageUri: &w.image}, MemorySize: aws.Int32(256), Timeout: aws.Int32(5),
		Environment:   &ltypes.Environment{Variables: map[string]string{"LEVEL": "1"}},
		LoggingConfig: &ltypes.LoggingConfig{LogGroup: &w.logGroup, LogFormat: ltypes.LogFormatJson},
		Tags:          map[string]string{"team": "a"},
	})
	if err != nil {
		return err
	}
	waiter := lambda.NewFunctionActiveV2Waiter(c)
	if err := waiter.Wait(ctx, &lambda.GetFunctionInput{FunctionName: &w.function}, 10e9); err != nil {
		return err
	}
	found, err := c.GetFunction(ctx, &lambda.GetFunctionInput{FunctionName: &w.function})
	if err != nil {
		return err
	}
	if _, err := c.GetFunctionCodeSigningConfig(ctx, &lambda.GetFunctionCodeSigningConfigInput{FunctionName: &w.function}); err != nil {
		return err
	}
	versions, err := c.ListVersionsByFunction(ctx, &lambda.ListVersionsByFunctionInput{FunctionName: &w.function})
	if err != nil {
		return err
	}
	latest := versions.Versions[len(versions.Versions)-1]
	if err := want(*latest.FunctionArn == *found.Configuration.FunctionArn+":$LATEST", "a qualified ARN, got %s", *latest.FunctionArn); err != nil {
		return err
	}
	return want(*found.Configuration.LoggingConfig.LogGroup == w.logGroup, "its log group")
}

func mapping(ctx context.Context, w *world) error {
	c := w.lambda()
	made, err := c.CreateEventSourceMapping(ctx, &lambda.CreateEventSourceMappingInput{
		FunctionName: &w.function, EventSourceArn: &w.queueArn, BatchSize: aws.Int32(5), Enabled: aws.Bool(true),
		FunctionResponseTypes: []ltypes.FunctionResponseType{ltypes.FunctionResponseTypeReportBatchItemFailures},
		ScalingConfig:         &ltypes.ScalingConfig{MaximumConcurrency: aws.Int32(4)},
	})
	if err != nil {
		return err
	}
	err = poll(ctx, "the mapping", func() (bool, error) {
		found, err := c.GetEventSourceMapping(ctx, &lambda.GetEventSourceMappingInput{UUID: made.UUID})
		return err == nil && *found.State == "Enabled" && *found.ScalingConfig.MaximumConcurrency == 4, err
	})
	if err != nil {
		return err
	}
	if _, err := c.DeleteEventSourceMapping(ctx, &lambda.DeleteEventSourceMappingInput{UUID: made.UUID}); err != nil {
		return err
	}
	_, err = c.GetEventSourceMapping(ctx, &lambda.GetEventSourceMappingInput{UUID: made.UUID})
	return want(err != nil, "a deleted mapping to be gone")
}

func (w *world) ecs() *ecs.Client { return ecs.NewFromConfig(w.cfg) }

func cluster(ctx context.Context, w *world) error {
	made, err := w.ecs().CreateCluster(ctx, &ecs.CreateClusterInput{
		ClusterName: aws.String("upstream"),
		Settings:    []ecstypes.ClusterSetting{{Name: ecstypes.ClusterSettingNameContainerInsights, Value: aws.String("enabled")}},
	})
	if err != nil {
		return err
	}
	w.cluster = *made.Cluster.ClusterArn
	return poll(ctx, "the cluster", func() (bool, error) {
		found, err := w.ecs().DescribeClusters(ctx, &ecs.DescribeClustersInput{
			Clusters: []string{w.cluster},
			Include:  []ecstypes.ClusterField{ecstypes.ClusterFieldTags, ecstypes.ClusterFieldConfigurations, ecstypes.ClusterFieldSettings},
		})
		return err == nil && len(found.Clusters) == 1 && *found.Clusters[0].Status == "ACTIVE", err
	})
}

func capacityProviders(ctx context.Context, w *world) error {
	_, err := w.ecs().PutClusterCapacityProviders(ctx, &ecs.PutClusterCapacityProvidersInput{
		Cluster: &w.cluster, CapacityProviders: []string{"FARGATE", "FARGATE_SPOT"},
		DefaultCapacityProviderStrategy: []ecstypes.CapacityProviderStrategyItem{{CapacityProvider: aws.String("FARGATE"), Weight: 1}},
	})
	if err != nil {
		return err
	}
	found, err := w.ecs().DescribeClusters(ctx, &ecs.DescribeClustersInput{Clusters: []string{w.cluster}})
	if err != nil {
		return err
	}
	return want(len(found.Clusters[0].CapacityProviders) == 2, "two providers, got %v", found.Clusters[0].CapacityProviders)
}

func taskDefinition(ctx context.Context, w *world) error {
	made, err := w.ecs().RegisterTaskDefinition(ctx, &ecs.RegisterTaskDefinitionInput{
		Family: aws.String("upstream"), Cpu: aws.String("256"), Memory: aws.String("512"), NetworkMode: ecstypes.NetworkModeAwsvpc,
		RequiresCompatibilities: []ecstypes.Compatibility{ecstypes.CompatibilityFargate}, TaskRoleArn: &w.role,
		ContainerDefinitions: []ecstypes.ContainerDefinition{{Name: aws.String("app"), Image: &w.image, Essential: aws.Bool(true)}},
		Tags:                 []ecstypes.Tag{{Key: aws.String("team"), Value: aws.String("a")}},
	})
	if err != nil {
		return err
	}
	w.definition = *made.TaskDefinition.TaskDefinitionArn
	found, err := w.ecs().DescribeTaskDefinition(ctx, &ecs.DescribeTaskDefinitionInput{
		TaskDefinition: &w.definition, Include: []ecstypes.TaskDefinitionField{ecstypes.TaskDefinitionFieldTags},
	})
	if err != nil {
		return err
	}
	return want(found.TaskDefinition.Status == ecstypes.TaskDefinitionStatusActive && len(found.Tags) == 1, "an active one with a tag, got %v", found.Tags)
}

func service(ctx context.Context, w *world) error {
	made, err := w.ecs().CreateService(ctx, &ecs.CreateServiceInput{
		ServiceName: aws.String("upstream"), Cluster: &w.cluster, TaskDefinition: &w.definition, DesiredCount: aws.Int32(0),
		LaunchType: ecstypes.LaunchTypeFargate,
		NetworkConfiguration: &ecstypes.NetworkConfiguration{AwsvpcConfiguration: &ecstypes.AwsVpcConfiguration{
			Subnets: []string{w.subnet}, SecurityGroups: []string{w.group},
		}},
		DeploymentConfiguration: &ecstypes.DeploymentConfiguration{
			DeploymentCircuitBreaker: &ecstypes.DeploymentCircuitBreaker{Enable: true, Rollback: true},
		},
	})
	if err != nil {
		return err
	}
	w.service = *made.Service.ServiceName
	return poll(ctx, "the service", func() (bool, error) {
		found, err := w.ecs().DescribeServices(ctx, &ecs.DescribeServicesInput{
			Cluster: &w.cluster, Services: []string{w.service}, Include: []ecstypes.ServiceField{ecstypes.ServiceFieldTags},
		})
		return err == nil && len(found.Services) == 1 && *found.Services[0].Status == "ACTIVE", err
	})
}

func (w *world) scaled() (string, aastypes.ScalableDimension, aastypes.ServiceNamespace) {
	return "service/upstream/" + w.service, aastypes.ScalableDimensionECSServiceDesiredCount, aastypes.ServiceNamespaceEcs
}

func scalingTarget(ctx context.Context, w *world) error {
	c := aas.NewFromConfig(w.cfg)
	id, dimension, space := w.scaled()
	_, err := c.RegisterScalableTarget(ctx, &aas.RegisterScalableTargetInput{
		ResourceId: &id, ScalableDimension: dimension, ServiceNamespace: space, MinCapacity: aws.Int32(0), MaxCapacity: aws.Int32(4),
		Tags: map[string]string{"team": "a"},
	})
	if err != nil {
		return err
	}
	found, err := c.DescribeScalableTargets(ctx, &aas.DescribeScalableTargetsInput{
		ResourceIds: []string{id}, ScalableDimension: dimension, ServiceNamespace: space,
	})
	if err != nil {
		return err
	}
	if err := want(len(found.ScalableTargets) == 1, "one target, got %d", len(found.ScalableTargets)); err != nil {
		return err
	}
	_, err = c.ListTagsForResource(ctx, &aas.ListTagsForResourceInput{ResourceARN: found.ScalableTargets[0].ScalableTargetARN})
	return err
}

func scalingPolicy(ctx context.Context, w *world) error {
	c := aas.NewFromConfig(w.cfg)
	id, dimension, space := w.scaled()
	_, err := c.PutScalingPolicy(ctx, &aas.PutScalingPolicyInput{
		PolicyName: aws.String("upstream"), ResourceId: &id, ScalableDimension: dimension, ServiceNamespace: space,
		PolicyType: aastypes.PolicyTypeStepScaling,
		StepScalingPolicyConfiguration: &aastypes.StepScalingPolicyConfiguration{
			AdjustmentType: aastypes.AdjustmentTypeExactCapacity, Cooldown: aws.Int32(60),
			MetricAggregationType: aastypes.MetricAggregationTypeMaximum,
			StepAdjustments:       []aastypes.StepAdjustment{{ScalingAdjustment: aws.Int32(1), MetricIntervalLowerBound: aws.Float64(0)}},
		},
	})
	if err != nil {
		return err
	}
	found, err := c.DescribeScalingPolicies(ctx, &aas.DescribeScalingPoliciesInput{
		PolicyNames: []string{"upstream"}, ResourceId: &id, ScalableDimension: dimension, ServiceNamespace: space,
	})
	if err != nil {
		return err
	}
	return want(len(found.ScalingPolicies) == 1, "one policy, got %d", len(found.ScalingPolicies))
}
