package main

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	cwtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	ebtypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	stypes "github.com/aws/aws-sdk-go-v2/service/scheduler/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

var messagingChecks = []check{
	{"aws:sqs/queue:Queue", queue},
	{"aws:sqs/queuePolicy:QueuePolicy", queuePolicy},
	{"aws:sns/topic:Topic", topic},
	{"aws:sns/topicPolicy:TopicPolicy", topicPolicy},
	{"aws:sns/topicSubscription:TopicSubscription", subscription},
	{"aws:cloudwatch/eventBus:EventBus", eventBus},
	{"aws:cloudwatch/eventRule:EventRule", eventRule},
	{"aws:cloudwatch/eventTarget:EventTarget", eventTarget},
	{"aws:scheduler/scheduleGroup:ScheduleGroup", scheduleGroup},
	{"aws:scheduler/schedule:Schedule", schedule},
	{"aws:cloudwatch/logGroup:LogGroup", logGroup},
	{"aws:cloudwatch/metricAlarm:MetricAlarm", metricAlarm},
}

func (w *world) sqs() *sqs.Client { return sqs.NewFromConfig(w.cfg) }

// attributes waits, like the plugin, until the queue returns exactly the text that was sent.
func (w *world) attributes(ctx context.Context, url string, sent map[string]string) error {
	last := map[string]string{}
	err := poll(ctx, "the attributes", func() (bool, error) {
		found, err := w.sqs().GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
			QueueUrl: &url, AttributeNames: []sqstypes.QueueAttributeName{"All"},
		})
		if err != nil {
			return false, err
		}
		last = found.Attributes
		for name, value := range sent {
			if last[name] != value {
				return false, nil
			}
		}
		return true, nil
	})
	if err != nil {
		return fmt.Errorf("%w: %v", err, last)
	}
	return nil
}

func queue(ctx context.Context, w *world) error {
	dead, err := w.sqs().CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String("upstream-dead")})
	if err != nil {
		return err
	}
	found, err := w.sqs().GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
		QueueUrl: dead.QueueUrl, AttributeNames: []sqstypes.QueueAttributeName{"QueueArn"},
	})
	if err != nil {
		return err
	}
	arn := found.Attributes["QueueArn"]
	sent := map[string]string{
		"RedrivePolicy":     `{"deadLetterTargetArn":"` + arn + `","maxReceiveCount":5}`,
		"VisibilityTimeout": "120", "MessageRetentionPeriod": "604800", "SqsManagedSseEnabled": "true",
	}
	made, err := w.sqs().CreateQueue(ctx, &sqs.CreateQueueInput{
		QueueName: aws.String("upstream"), Attributes: sent, Tags: map[string]string{"team": "a"},
	})
	if err != nil {
		return err
	}
	w.queue, w.queueArn = *made.QueueUrl, arn[:len(arn)-len("-dead")]
	if err := w.attributes(ctx, w.queue, sent); err != nil {
		return err
	}
	spaced := map[string]string{"RedriveAllowPolicy": `{"redrivePermission": "denyAll"}`}
	if _, err := w.sqs().SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: &w.queue, Attributes: spaced}); err != nil {
		return err
	}
	if err := w.attributes(ctx, w.queue, map[string]string{"RedriveAllowPolicy": `{"redrivePermission":"denyAll"}`}); err != nil {
		return err
	}
	_, err = w.sqs().ListQueueTags(ctx, &sqs.ListQueueTagsInput{QueueUrl: &w.queue})
	return err
}

func queuePolicy(ctx context.Context, w *world) error {
	sent := map[string]string{"Policy": `{"Statement":[{"Action":"sqs:SendMessage","Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Resource":"` + w.queueArn + `"}],"Version":"2012-10-17"}`}
	if _, err := w.sqs().SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: &w.queue, Attributes: sent}); err != nil {
		return err
	}
	return w.attributes(ctx, w.queue, sent)
}

func (w *world) sns() *sns.Client { return sns.NewFromConfig(w.cfg) }

func topic(ctx context.Context, w *world) error {
	made, err := w.sns().CreateTopic(ctx, &sns.CreateTopicInput{Name: aws.String("upstream")})
	if err != nil {
		return err
	}
	w.topic = *made.TopicArn
	found, err := w.sns().GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: &w.topic})
	if err != nil {
		return err
	}
	if _, err := w.sns().ListTagsForResource(ctx, &sns.ListTagsForResourceInput{ResourceArn: &w.topic}); err != nil {
		return err
	}
	return want(found.Attributes["Policy"] != "", "the default policy")
}

func topicPolicy(ctx context.Context, w *world) error {
	text := `{"Statement":[{"Action":"sns:Publish","Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Resource":"` + w.topic + `"}],"Version":"2012-10-17"}`
	_, err := w.sns().SetTopicAttributes(ctx, &sns.SetTopicAttributesInput{
		TopicArn: &w.topic, AttributeName: aws.String("Policy"), AttributeValue: &text,
	})
	if err != nil {
		return err
	}
	found, err := w.sns().GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: &w.topic})
	if err != nil {
		return err
	}
	return want(found.Attributes["Policy"] == text, "the policy, got %s", found.Attributes["Policy"])
}

func subscription(ctx context.Context, w *world) error {
	made, err := w.sns().Subscribe(ctx, &sns.SubscribeInput{
		TopicArn: &w.topic, Protocol: aws.String("sqs"), Endpoint: &w.queueArn, ReturnSubscriptionArn: true,
		Attributes: map[string]string{
			"RawMessageDelivery": "true", "FilterPolicy": `{"kind":["order"]}`, "FilterPolicyScope": "MessageBody",
			"RedrivePolicy": `{"deadLetterTargetArn":"` + w.queueArn + `-dead"}`,
		},
	})
	if err != nil {
		return err
	}
	found, err := w.sns().GetSubscriptionAttributes(ctx, &sns.GetSubscriptionAttributesInput{SubscriptionArn: made.SubscriptionArn})
	if err != nil {
		return err
	}
	got := found.Attributes
	return want(got["RawMessageDelivery"] == "true" && got["FilterPolicy"] == `{"kind":["order"]}` && got["PendingConfirmation"] == "false", "its attributes, got %v", got)
}

func (w *world) events() *eventbridge.Client { return eventbridge.NewFromConfig(w.cfg) }

func eventBus(ctx context.Context, w *world) error {
	made, err := w.events().CreateEventBus(ctx, &eventbridge.CreateEventBusInput{Name: aws.String("upstream")})
	if err != nil {
		return err
	}
	w.bus = "upstream"
	if _, err := w.events().DescribeEventBus(ctx, &eventbridge.DescribeEventBusInput{Name: &w.bus}); err != nil {
		return err
	}
	_, err = w.events().ListTagsForResource(ctx, &eventbridge.ListTagsForResourceInput{ResourceARN: made.EventBusArn})
	return err
}

func eventRule(ctx context.Context, w *world) error {
	w.rule = "upstream"
	made, err := w.events().PutRule(ctx, &eventbridge.PutRuleInput{
		Name: &w.rule, EventBusName: &w.bus, EventPattern: aws.String(`{"source":["shop"]}`), State: ebtypes.RuleStateEnabled,
	})
	if err != nil {
		return err
	}
	found, err := w.events().DescribeRule(ctx, &eventbridge.DescribeRuleInput{Name: &w.rule, EventBusName: &w.bus})
	if err != nil {
		return err
	}
	if _, err := w.events().ListTagsForResource(ctx, &eventbridge.ListTagsForResourceInput{ResourceARN: made.RuleArn}); err != nil {
		return err
	}
	return want(*found.EventPattern == `{"source":["shop"]}`, "the pattern, got %s", *found.EventPattern)
}

func eventTarget(ctx context.Context, w *world) error {
	target := ebtypes.Target{
		Id: aws.String("inbox"), Arn: &w.queueArn,
		RetryPolicy:      &ebtypes.RetryPolicy{MaximumEventAgeInSeconds: aws.Int32(3600), MaximumRetryAttempts: aws.Int32(185)},
		DeadLetterConfig: &ebtypes.DeadLetterConfig{Arn: aws.String(w.queueArn + "-dead")},
	}
	put, err := w.events().PutTargets(ctx, &eventbridge.PutTargetsInput{Rule: &w.rule, EventBusName: &w.bus, Targets: []ebtypes.Target{target}})
	if err != nil {
		return err
	}
	found, err := w.events().ListTargetsByRule(ctx, &eventbridge.ListTargetsByRuleInput{Rule: &w.rule, EventBusName: &w.bus})
	if err != nil {
		return err
	}
	return want(put.FailedEntryCount == 0 && len(found.Targets) == 1 && found.Targets[0].DeadLetterConfig != nil, "one target, got %d", len(found.Targets))
}

func (w *world) scheduler() *scheduler.Client { return scheduler.NewFromConfig(w.cfg) }

func scheduleGroup(ctx context.Context, w *world) error {
	w.scheduleGroup = "upstream"
	if _, err := w.scheduler().CreateScheduleGroup(ctx, &scheduler.CreateScheduleGroupInput{Name: &w.scheduleGroup}); err != nil {
		return err
	}
	return poll(ctx, "the group", func() (bool, error) {
		found, err := w.scheduler().GetScheduleGroup(ctx, &scheduler.GetScheduleGroupInput{Name: &w.scheduleGroup})
		if err != nil || found.State != stypes.ScheduleGroupStateActive {
			return false, err
		}
		_, err = w.scheduler().ListTagsForResource(ctx, &scheduler.ListTagsForResourceInput{ResourceArn: found.Arn})
		return true, err
	})
}

func schedule(ctx context.Context, w *world) error {
	_, err := w.scheduler().CreateSchedule(ctx, &scheduler.CreateScheduleInput{
		Name: aws.String("upstream"), GroupName: &w.scheduleGroup, ScheduleExpression: aws.String("rate(1 hour)"),
		ScheduleExpressionTimezone: aws.String("UTC"), State: stypes.ScheduleStateEnabled,
		FlexibleTimeWindow: &stypes.FlexibleTimeWindow{Mode: stypes.FlexibleTimeWindowModeOff},
		Target: &stypes.Target{
			Arn: &w.queueArn, RoleArn: &w.role, Input: aws.String(`{}`),
			DeadLetterConfig: &stypes.DeadLetterConfig{Arn: aws.String(w.queueArn + "-dead")},
		},
		ClientToken: aws.String(time.Now().Format(time.RFC3339Nano)),
	})
	if err != nil {
		return err
	}
	found, err := w.scheduler().GetSchedule(ctx, &scheduler.GetScheduleInput{Name: aws.String("upstream"), GroupName: &w.scheduleGroup})
	if err != nil {
		return err
	}
	return want(*found.Target.Arn == w.queueArn && *found.ScheduleExpressionTimezone == "UTC", "the target, got %v", found.Target)
}

func logGroup(ctx context.Context, w *world) error {
	c := cloudwatchlogs.NewFromConfig(w.cfg)
	w.logGroup = "/upstream/one"
	if _, err := c.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: &w.logGroup, Tags: map[string]string{"team": "a"}}); err != nil {
		return err
	}
	if _, err := c.PutRetentionPolicy(ctx, &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: &w.logGroup, RetentionInDays: aws.Int32(30)}); err != nil {
		return err
	}
	found, err := c.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: &w.logGroup})
	if err != nil {
		return err
	}
	group := found.LogGroups[0]
	tags, err := c.ListTagsForResource(ctx, &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: group.LogGroupArn})
	if err != nil {
		return err
	}
	return want(*group.RetentionInDays == 30 && tags.Tags["team"] == "a", "retention and tags, got %v", tags.Tags)
}

// metricAlarm speaks rpc-v2-cbor, the SDK's protocol of CloudWatch.
func metricAlarm(ctx context.Context, w *world) error {
	c := cloudwatch.NewFromConfig(w.cfg)
	name := "upstream"
	_, err := c.PutMetricAlarm(ctx, &cloudwatch.PutMetricAlarmInput{
		AlarmName: &name, ComparisonOperator: cwtypes.ComparisonOperatorGreaterThanThreshold, EvaluationPeriods: aws.Int32(1),
		Threshold: aws.Float64(0), MetricName: aws.String("ApproximateNumberOfMessagesVisible"), Namespace: aws.String("AWS/SQS"),
		Period: aws.Int32(60), Statistic: cwtypes.StatisticMaximum,
		Dimensions: []cwtypes.Dimension{{Name: aws.String("QueueName"), Value: aws.String("upstream-dead")}},
		Tags:       []cwtypes.Tag{{Key: aws.String("team"), Value: aws.String("a")}},
	})
	if err != nil {
		return err
	}
	found, err := c.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{
		AlarmNames: []string{name}, AlarmTypes: []cwtypes.AlarmType{cwtypes.AlarmTypeMetricAlarm},
	})
	if err != nil {
		return err
	}
	if err := want(len(found.MetricAlarms) == 1 && *found.MetricAlarms[0].Period == 60, "one alarm, got %d", len(found.MetricAlarms)); err != nil {
		return err
	}
	_, err = c.ListTagsForResource(ctx, &cloudwatch.ListTagsForResourceInput{ResourceARN: found.MetricAlarms[0].AlarmArn})
	return err
}
