package main

import (
	"context"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

const (
	trust   = `{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"}}],"Version":"2012-10-17"}`
	allowed = `{"Statement":[{"Action":"sqs:*","Effect":"Allow","Resource":"*"}],"Version":"2012-10-17"}`
)

var identityChecks = []check{
	{"aws:iam/role:Role", role},
	{"aws:iam/rolePolicy:RolePolicy", rolePolicy},
	{"aws:iam/policy:Policy", policy},
	{"aws:iam/rolePolicyAttachment:RolePolicyAttachment", attachment},
	{"aws:kms/key:Key", key},
	{"aws:secretsmanager/secret:Secret", secret},
	{"aws:secretsmanager/secretVersion:SecretVersion", secretVersion},
	{"aws:ssm/parameter:Parameter", parameter},
}

func (w *world) iam() *iam.Client { return iam.NewFromConfig(w.cfg) }

func role(ctx context.Context, w *world) error {
	who, err := sts.NewFromConfig(w.cfg).GetCallerIdentity(ctx, nil)
	if err != nil {
		return err
	}
	w.account = *who.Account
	made, err := w.iam().CreateRole(ctx, &iam.CreateRoleInput{
		RoleName: aws.String("upstream"), AssumeRolePolicyDocument: aws.String(trust), Path: aws.String("/"),
		Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("a")}},
	})
	if err != nil {
		return err
	}
	w.role = *made.Role.Arn
	found, err := w.iam().GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String("upstream")})
	if err != nil {
		return err
	}
	if text, _ := url.QueryUnescape(*found.Role.AssumeRolePolicyDocument); text != trust {
		return want(false, "the trust policy, got %s", text)
	}
	if _, err := w.iam().ListRolePolicies(ctx, &iam.ListRolePoliciesInput{RoleName: aws.String("upstream")}); err != nil {
		return err
	}
	_, err = w.iam().ListAttachedRolePolicies(ctx, &iam.ListAttachedRolePoliciesInput{RoleName: aws.String("upstream")})
	return err
}

func rolePolicy(ctx context.Context, w *world) error {
	_, err := w.iam().PutRolePolicy(ctx, &iam.PutRolePolicyInput{
		RoleName: aws.String("upstream"), PolicyName: aws.String("inline"), PolicyDocument: aws.String(allowed),
	})
	if err != nil {
		return err
	}
	found, err := w.iam().GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: aws.String("upstream"), PolicyName: aws.String("inline")})
	if err != nil {
		return err
	}
	text, _ := url.QueryUnescape(*found.PolicyDocument)
	return want(text == allowed, "the policy, got %s", text)
}

func policy(ctx context.Context, w *world) error {
	made, err := w.iam().CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("upstream"), PolicyDocument: aws.String(allowed)})
	if err != nil {
		return err
	}
	w.policy = *made.Policy.Arn
	found, err := w.iam().GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: &w.policy})
	if err != nil {
		return err
	}
	_, err = w.iam().GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{PolicyArn: &w.policy, VersionId: found.Policy.DefaultVersionId})
	return err
}

func attachment(ctx context.Context, w *world) error {
	if _, err := w.iam().AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: aws.String("upstream"), PolicyArn: &w.policy}); err != nil {
		return err
	}
	found, err := w.iam().ListAttachedRolePolicies(ctx, &iam.ListAttachedRolePoliciesInput{RoleName: aws.String("upstream")})
	if err != nil {
		return err
	}
	return want(len(found.AttachedPolicies) == 1, "one policy, got %d", len(found.AttachedPolicies))
}

func key(ctx context.Context, w *world) error {
	c := kms.NewFromConfig(w.cfg)
	made, err := c.CreateKey(ctx, &kms.CreateKeyInput{Description: aws.String("upstream")})
	if err != nil {
		return err
	}
	id := made.KeyMetadata.KeyId
	if _, err := c.EnableKeyRotation(ctx, &kms.EnableKeyRotationInput{KeyId: id}); err != nil {
		return err
	}
	if _, err := c.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: id}); err != nil {
		return err
	}
	if _, err := c.GetKeyPolicy(ctx, &kms.GetKeyPolicyInput{KeyId: id, PolicyName: aws.String("default")}); err != nil {
		return err
	}
	rotated, err := c.GetKeyRotationStatus(ctx, &kms.GetKeyRotationStatusInput{KeyId: id})
	if err != nil {
		return err
	}
	if _, err := c.ListResourceTags(ctx, &kms.ListResourceTagsInput{KeyId: id}); err != nil {
		return err
	}
	return want(rotated.KeyRotationEnabled, "a key that rotates")
}

func secret(ctx context.Context, w *world) error {
	c := secretsmanager.NewFromConfig(w.cfg)
	made, err := c.CreateSecret(ctx, &secretsmanager.CreateSecretInput{Name: aws.String("upstream")})
	if err != nil {
		return err
	}
	w.secret = *made.ARN
	if _, err := c.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: &w.secret}); err != nil {
		return err
	}
	_, err = c.GetResourcePolicy(ctx, &secretsmanager.GetResourcePolicyInput{SecretId: &w.secret})
	return err
}

func secretVersion(ctx context.Context, w *world) error {
	c := secretsmanager.NewFromConfig(w.cfg)
	made, err := c.PutSecretValue(ctx, &secretsmanager.PutSecretValueInput{SecretId: &w.secret, SecretString: aws.String("s")})
	if err != nil {
		return err
	}
	found, err := c.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: &w.secret, VersionId: made.VersionId})
	if err != nil {
		return err
	}
	return want(*found.SecretString == "s" && strings.Join(found.VersionStages, "") == "AWSCURRENT", "the value, got %v", found.VersionStages)
}

func parameter(ctx context.Context, w *world) error {
	c := ssm.NewFromConfig(w.cfg)
	name := "/upstream/one"
	_, err := c.PutParameter(ctx, &ssm.PutParameterInput{Name: &name, Value: aws.String("v"), Type: ssmtypes.ParameterTypeSecureString})
	if err != nil {
		return err
	}
	found, err := c.GetParameter(ctx, &ssm.GetParameterInput{Name: &name, WithDecryption: aws.Bool(true)})
	if err != nil {
		return err
	}
	listed, err := c.DescribeParameters(ctx, &ssm.DescribeParametersInput{ParameterFilters: []ssmtypes.ParameterStringFilter{
		{Key: aws.String("Name"), Option: aws.String("Equals"), Values: []string{name}},
	}})
	if err != nil {
		return err
	}
	if _, err := c.ListTagsForResource(ctx, &ssm.ListTagsForResourceInput{
		ResourceId: &name, ResourceType: ssmtypes.ResourceTypeForTaggingParameter,
	}); err != nil {
		return err
	}
	return want(*found.Parameter.Value == "v" && len(listed.Parameters) == 1, "one parameter, got %d", len(listed.Parameters))
}
