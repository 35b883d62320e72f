package main

import (
	"context"
	"errors"
	"net/netip"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	ddbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/s3control"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

var storageChecks = []check{
	{"aws:s3/bucket:Bucket", bucket},
	{"aws:s3/bucketNotification:BucketNotification", notification},
	{"aws:dynamodb/table:Table", table},
	{"aws:ecr/repository:Repository", repository},
}

func (w *world) s3() *s3.Client {
	return s3.NewFromConfig(w.cfg, func(o *s3.Options) { o.UsePathStyle = true })
}

func bucket(ctx context.Context, w *world) error {
	c := w.s3()
	w.bucket = "upstream-bucket"
	_, err := c.CreateBucket(ctx, &s3.CreateBucketInput{
		Bucket:                    &w.bucket,
		CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: s3types.BucketLocationConstraintEuCentral1},
	})
	if err != nil {
		return err
	}
	if _, err := c.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &w.bucket}); err != nil {
		return err
	}
	tags := []s3types.Tag{{Key: aws.String("team"), Value: aws.String("a")}}
	if _, err := c.PutBucketTagging(ctx, &s3.PutBucketTaggingInput{Bucket: &w.bucket, Tagging: &s3types.Tagging{TagSet: tags}}); err != nil {
		return err
	}
	if err := w.accountInHost(ctx); err != nil {
		return err
	}
	found, err := c.GetBucketTagging(ctx, &s3.GetBucketTaggingInput{Bucket: &w.bucket})
	if err != nil {
		return err
	}
	for _, each := range []func() error{
		func() error {
			_, err := c.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: &w.bucket})
			return err
		},
		func() error { _, err := c.GetBucketCors(ctx, &s3.GetBucketCorsInput{Bucket: &w.bucket}); return err },
		func() error {
			_, err := c.GetBucketWebsite(ctx, &s3.GetBucketWebsiteInput{Bucket: &w.bucket})
			return err
		},
		func() error {
			_, err := c.GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{Bucket: &w.bucket})
			return err
		},
		func() error {
			_, err := c.GetBucketReplication(ctx, &s3.GetBucketReplicationInput{Bucket: &w.bucket})
			return err
		},
		func() error {
			_, err := c.GetObjectLockConfiguration(ctx, &s3.GetObjectLockConfigurationInput{Bucket: &w.bucket})
			return err
		},
	} { // each is missing on a new bucket, with its own error code
		err := each()
		if err := want(err != nil && (strings.Contains(err.Error(), "NoSuch") || strings.Contains(err.Error(), "NotFound")), "an answer that names what is missing, got %v", err); err != nil {
			return err
		}
	}
	for _, each := range []func() error{
		func() error { _, err := c.GetBucketAcl(ctx, &s3.GetBucketAclInput{Bucket: &w.bucket}); return err },
		func() error {
			_, err := c.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: &w.bucket})
			return err
		},
		func() error {
			_, err := c.GetBucketLogging(ctx, &s3.GetBucketLoggingInput{Bucket: &w.bucket})
			return err
		},
		func() error {
			_, err := c.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: &w.bucket})
			return err
		},
		func() error {
			_, err := c.GetBucketRequestPayment(ctx, &s3.GetBucketRequestPaymentInput{Bucket: &w.bucket})
			return err
		},
	} {
		if err := each(); err != nil {
			return err
		}
	}
	return want(len(found.TagSet) == 1, "one tag, got %d", len(found.TagSet))
}

// accountInHost shows why two settings skip the account: with only one, S3 Control puts it into the host name.
func (w *world) accountInHost(ctx context.Context) error {
	host := ""
	look := func(stack *middleware.Stack) error {
		return stack.Finalize.Add(middleware.FinalizeMiddlewareFunc("look", func(
			ctx context.Context, in middleware.FinalizeInput, next middleware.FinalizeHandler,
		) (out middleware.FinalizeOutput, md middleware.Metadata, err error) {
			if request, ok := in.Request.(*smithyhttp.Request); ok {
				host = request.URL.Hostname()
			}
			return out, md, context.Canceled // send nothing
		}), middleware.After)
	}
	c := s3control.NewFromConfig(w.cfg, func(o *s3control.Options) { o.APIOptions = append(o.APIOptions, look) })
	_, _ = c.ListTagsForResource(ctx, &s3control.ListTagsForResourceInput{
		AccountId: &w.account, ResourceArn: aws.String("arn:aws:s3:::" + w.bucket),
	})
	_, err := netip.ParseAddr(host)
	return want(strings.HasPrefix(host, w.account+".") && err != nil, "S3 Control to put the account before the host, got %q", host)
}

func notification(ctx context.Context, w *world) error {
	_, err := w.s3().PutBucketNotificationConfiguration(ctx, &s3.PutBucketNotificationConfigurationInput{
		Bucket:                    &w.bucket,
		NotificationConfiguration: &s3types.NotificationConfiguration{EventBridgeConfiguration: &s3types.EventBridgeConfiguration{}},
	})
	if err != nil {
		return err
	}
	found, err := w.s3().GetBucketNotificationConfiguration(ctx, &s3.GetBucketNotificationConfigurationInput{Bucket: &w.bucket})
	if err != nil {
		return err
	}
	return want(found.EventBridgeConfiguration != nil, "EventBridge to be on")
}

func table(ctx context.Context, w *world) error {
	c := dynamodb.NewFromConfig(w.cfg)
	name := "upstream"
	_, err := c.CreateTable(ctx, &dynamodb.CreateTableInput{
		TableName: &name, BillingMode: ddbtypes.BillingModePayPerRequest,
		AttributeDefinitions: []ddbtypes.AttributeDefinition{{AttributeName: aws.String("id"), AttributeType: ddbtypes.ScalarAttributeTypeS}},
		KeySchema:            []ddbtypes.KeySchemaElement{{AttributeName: aws.String("id"), KeyType: ddbtypes.KeyTypeHash}},
	})
	if err != nil {
		return err
	}
	err = poll(ctx, "the table", func() (bool, error) {
		found, err := c.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &name})
		return err == nil && found.Table.TableStatus == ddbtypes.TableStatusActive, err
	})
	if err != nil {
		return err
	}
	if _, err := c.DescribeContinuousBackups(ctx, &dynamodb.DescribeContinuousBackupsInput{TableName: &name}); err != nil {
		return err
	}
	_, err = c.DescribeTimeToLive(ctx, &dynamodb.DescribeTimeToLiveInput{TableName: &name})
	return err
}

func repository(ctx context.Context, w *world) error {
	c := ecr.NewFromConfig(w.cfg)
	name := "upstream/images"
	made, err := c.CreateRepository(ctx, &ecr.CreateRepositoryInput{
		RepositoryName:             &name,
		ImageTagMutability:         ecrtypes.ImageTagMutabilityMutable,
		EncryptionConfiguration:    &ecrtypes.EncryptionConfiguration{EncryptionType: ecrtypes.EncryptionTypeAes256},
		ImageScanningConfiguration: &ecrtypes.ImageScanningConfiguration{ScanOnPush: true},
		Tags:                       []ecrtypes.Tag{{Key: aws.String("team"), Value: aws.String("a")}},
	})
	if err != nil {
		return err
	}
	found, err := c.DescribeRepositories(ctx, &ecr.DescribeRepositoriesInput{RepositoryNames: []string{name}})
	if err != nil {
		return err
	}
	if err := want(len(found.Repositories) == 1 && found.Repositories[0].ImageScanningConfiguration.ScanOnPush, "a repository that scans"); err != nil {
		return err
	}
	if _, err := c.ListTagsForResource(ctx, &ecr.ListTagsForResourceInput{ResourceArn: made.Repository.RepositoryArn}); err != nil {
		return err
	}
	if _, err := c.DeleteRepository(ctx, &ecr.DeleteRepositoryInput{RepositoryName: &name, Force: true}); err != nil {
		return err
	}
	_, err = c.DescribeRepositories(ctx, &ecr.DescribeRepositoriesInput{RepositoryNames: []string{name}})
	var gone *ecrtypes.RepositoryNotFoundException
	return want(errors.As(err, &gone), "RepositoryNotFoundException, got %v", err)
}
