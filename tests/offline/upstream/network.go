package main

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

func (w *world) ec2() *ec2.Client { return ec2.NewFromConfig(w.cfg) }

func filter(pairs ...string) (found []types.Filter) {
	for i := 0; i < len(pairs); i += 2 {
		found = append(found, types.Filter{Name: aws.String(pairs[i]), Values: []string{pairs[i+1]}})
	}
	return found
}

func tagged(kind types.ResourceType) []types.TagSpecification {
	tags := []types.Tag{{Key: aws.String("team"), Value: aws.String("a")}}
	return []types.TagSpecification{{ResourceType: kind, Tags: tags}}
}

var networkChecks = []check{
	{"aws:ec2/vpc:Vpc", vpc},
	{"aws:ec2/subnet:Subnet", subnet},
	{"aws:ec2/internetGateway:InternetGateway", internetGateway},
	{"aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway", egressOnly},
	{"aws:ec2/eip:Eip", address},
	{"aws:ec2/natGateway:NatGateway", natGateway},
	{"aws:ec2/routeTable:RouteTable", routeTable},
	{"aws:ec2/route:Route", route},
	{"aws:ec2/routeTableAssociation:RouteTableAssociation", routeTableAssociation},
	{"aws:ec2/securityGroup:SecurityGroup", securityGroup},
	{"aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", ingressRule},
	{"aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", egressRule},
	{"aws:ec2/vpcEndpoint:VpcEndpoint", vpcEndpoint},
}

const ipv6Association = "ipv6-cidr-block-association.association-id"

func vpc(ctx context.Context, w *world) error {
	c := w.ec2()
	made, err := c.CreateVpc(ctx, &ec2.CreateVpcInput{
		CidrBlock: aws.String("10.9.0.0/16"), AmazonProvidedIpv6CidrBlock: aws.Bool(true),
		TagSpecifications: tagged(types.ResourceTypeVpc),
	})
	if err != nil {
		return err
	}
	w.vpc = *made.Vpc.VpcId
	byID := &ec2.DescribeVpcsInput{VpcIds: []string{w.vpc}}
	err = poll(ctx, "the VPC", func() (bool, error) {
		found, err := c.DescribeVpcs(ctx, byID)
		return err == nil && found.Vpcs[0].State == types.VpcStateAvailable, err
	})
	if err != nil {
		return err
	}
	found, err := c.DescribeVpcs(ctx, byID)
	if err != nil {
		return err
	}
	set := found.Vpcs[0].Ipv6CidrBlockAssociationSet
	if err := want(len(set) == 1, "one IPv6 association, got %d", len(set)); err != nil {
		return err
	}
	err = poll(ctx, "the VPC by its IPv6 association", func() (bool, error) {
		found, err := c.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{Filters: filter(ipv6Association, *set[0].AssociationId)})
		return err == nil && len(found.Vpcs) == 1 && *found.Vpcs[0].VpcId == w.vpc, err
	})
	if err != nil {
		return err
	}
	on := &types.AttributeBooleanValue{Value: aws.Bool(true)}
	if _, err := c.ModifyVpcAttribute(ctx, &ec2.ModifyVpcAttributeInput{VpcId: &w.vpc, EnableDnsHostnames: on}); err != nil {
		return err
	}
	for _, name := range []types.VpcAttributeName{
		types.VpcAttributeNameEnableDnsHostnames, types.VpcAttributeNameEnableDnsSupport,
		types.VpcAttributeNameEnableNetworkAddressUsageMetrics,
	} {
		if _, err := c.DescribeVpcAttribute(ctx, &ec2.DescribeVpcAttributeInput{VpcId: &w.vpc, Attribute: name}); err != nil {
			return err
		}
	}
	acls, err := c.DescribeNetworkAcls(ctx, &ec2.DescribeNetworkAclsInput{Filters: filter("default", "true", "vpc-id", w.vpc)})
	if err != nil {
		return err
	}
	tables, err := c.DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{
		Filters: filter("association.main", "true", "vpc-id", w.vpc),
	})
	if err != nil {
		return err
	}
	groups, err := c.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{
		Filters: filter("group-name", "default", "vpc-id", w.vpc),
	})
	if err != nil {
		return err
	}
	n := [3]int{len(acls.NetworkAcls), len(tables.RouteTables), len(groups.SecurityGroups)}
	return want(n == [3]int{1, 1, 1}, "one default ACL, main table and default group, got %v", n)
}

func subnet(ctx context.Context, w *world) error {
	c := w.ec2()
	vpcs, err := c.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{VpcIds: []string{w.vpc}})
	if err != nil {
		return err
	}
	block := strings.Replace(*vpcs.Vpcs[0].Ipv6CidrBlockAssociationSet[0].Ipv6CidrBlock, "/56", "/64", 1)
	made, err := c.CreateSubnet(ctx, &ec2.CreateSubnetInput{
		VpcId: &w.vpc, CidrBlock: aws.String("10.9.1.0/24"), Ipv6CidrBlock: &block,
		AvailabilityZone: aws.String("eu-central-1a"), TagSpecifications: tagged(types.ResourceTypeSubnet),
	})
	if err != nil {
		return err
	}
	w.subnet = *made.Subnet.SubnetId
	set := made.Subnet.Ipv6CidrBlockAssociationSet
	if err := want(len(set) == 1, "one IPv6 association, got %d", len(set)); err != nil {
		return err
	}
	by := &ec2.DescribeSubnetsInput{Filters: filter(ipv6Association, *set[0].AssociationId)}
	found, err := c.DescribeSubnets(ctx, by)
	if err != nil {
		return err
	}
	if err := want(len(found.Subnets) == 1, "one subnet of the IPv6 association, got %d", len(found.Subnets)); err != nil {
		return err
	}
	on := &types.AttributeBooleanValue{Value: aws.Bool(true)}
	for _, change := range []*ec2.ModifySubnetAttributeInput{
		{SubnetId: &w.subnet, AssignIpv6AddressOnCreation: on}, {SubnetId: &w.subnet, MapPublicIpOnLaunch: on},
	} {
		if _, err := c.ModifySubnetAttribute(ctx, change); err != nil {
			return err
		}
	}
	return poll(ctx, "the attributes of the subnet", func() (bool, error) {
		found, err := c.DescribeSubnets(ctx, &ec2.DescribeSubnetsInput{SubnetIds: []string{w.subnet}})
		if err != nil {
			return false, err
		}
		it := found.Subnets[0]
		return *it.AssignIpv6AddressOnCreation && *it.MapPublicIpOnLaunch && it.State == types.SubnetStateAvailable, nil
	})
}

func internetGateway(ctx context.Context, w *world) error {
	c := w.ec2()
	made, err := c.CreateInternetGateway(ctx, &ec2.CreateInternetGatewayInput{
		TagSpecifications: tagged(types.ResourceTypeInternetGateway),
	})
	if err != nil {
		return err
	}
	w.gateway = *made.InternetGateway.InternetGatewayId
	_, err = c.AttachInternetGateway(ctx, &ec2.AttachInternetGatewayInput{InternetGatewayId: &w.gateway, VpcId: &w.vpc})
	if err != nil {
		return err
	}
	found, err := c.DescribeInternetGateways(ctx, &ec2.DescribeInternetGatewaysInput{InternetGatewayIds: []string{w.gateway}})
	if err != nil {
		return err
	}
	attached := found.InternetGateways[0].Attachments
	return want(len(attached) == 1 && *attached[0].VpcId == w.vpc && attached[0].State == "available", "an attachment, got %v", attached)
}

func egressOnly(ctx context.Context, w *world) error {
	c := w.ec2()
	made, err := c.CreateEgressOnlyInternetGateway(ctx, &ec2.CreateEgressOnlyInternetGatewayInput{VpcId: &w.vpc})
	if err != nil {
		return err
	}
	w.egress = *made.EgressOnlyInternetGateway.EgressOnlyInternetGatewayId
	found, err := c.DescribeEgressOnlyInternetGateways(ctx, &ec2.DescribeEgressOnlyInternetGatewaysInput{
		EgressOnlyInternetGatewayIds: []string{w.egress},
	})
	if err != nil {
		return err
	}
	return want(len(found.EgressOnlyInternetGateways) == 1, "one gateway, got %d", len(found.EgressOnlyInternetGateways))
}

func address(ctx context.Context, w *world) error {
	c := w.ec2()
	made, err := c.AllocateAddress(ctx, &ec2.AllocateAddressInput{Domain: types.DomainTypeVpc})
	if err != nil {
		return err
	}
	w.allocation = *made.AllocationId
	found, err := c.DescribeAddresses(ctx, &ec2.DescribeAddressesInput{AllocationIds: []string{w.allocation}})
	if err != nil {
		return err
	}
	return want(len(found.Addresses) == 1, "one address, got %d", len(found.Addresses))
}

func natGateway(ctx context.Context, w *world) error {
	c := w.ec2()
	made, err := c.CreateNatGateway(ctx, &ec2.CreateNatGatewayInput{SubnetId: &w.subnet, AllocationId: &w.allocation})
	if err != nil {
		return err
	}
	w.nat = *made.NatGateway.NatGatewayId
	return poll(ctx, "the NAT gateway", func() (bool, error) {
		found, err := c.DescribeNatGateways(ctx, &ec2.DescribeNatGatewaysInput{NatGatewayIds: []string{w.nat}})
		if err != nil {
			return false, err
		}
		it := found.NatGateways[0]
		return it.State == types.NatGatewayStateAvailable && *it.NatGatewayAddresses[0].AllocationId == w.allocation, nil
	})
}

func routeTable(ctx context.Context, w *world) error {
	c := w.ec2()
	made, err := c.CreateRouteTable(ctx, &ec2.CreateRouteTableInput{VpcId: &w.vpc})
	if err != nil {
		return err
	}
	w.table = *made.RouteTable.RouteTableId
	_, err = w.routes(ctx)
	return err
}

func (w *world) routes(ctx context.Context) ([]types.Route, error) {
	found, err := w.ec2().DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{RouteTableIds: []string{w.table}})
	if err != nil {
		return nil, err
	}
	return found.RouteTables[0].Routes, nil
}

func route(ctx context.Context, w *world) error {
	for _, each := range []*ec2.CreateRouteInput{
		{DestinationCidrBlock: aws.String("0.0.0.0/0"), NatGatewayId: &w.nat},
		{DestinationIpv6CidrBlock: aws.String("::/0"), EgressOnlyInternetGatewayId: &w.egress},
	} {
		each.RouteTableId = &w.table
		if _, err := w.ec2().CreateRoute(ctx, each); err != nil {
			return err
		}
	}
	routes, err := w.routes(ctx)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, each := range routes {
		if each.State == types.RouteStateActive {
			seen[aws.ToString(each.DestinationCidrBlock)+aws.ToString(each.DestinationIpv6CidrBlock)] = true
		}
	}
	return want(seen["0.0.0.0/0"] && seen["::/0"], "two active routes, got %v", seen)
}

func routeTableAssociation(ctx context.Context, w *world) error {
	c := w.ec2()
	made, err := c.AssociateRouteTable(ctx, &ec2.AssociateRouteTableInput{RouteTableId: &w.table, SubnetId: &w.subnet})
	if err != nil {
		return err
	}
	found, err := c.DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{
		Filters: filter("association.route-table-association-id", *made.AssociationId),
	})
	if err != nil {
		return err
	}
	return want(len(found.RouteTables) == 1 && *found.RouteTables[0].RouteTableId == w.table, "one table, got %d", len(found.RouteTables))
}

func securityGroup(ctx context.Context, w *world) error {
	c := w.ec2()
	made, err := c.CreateSecurityGroup(ctx, &ec2.CreateSecurityGroupInput{
		GroupName: aws.String("upstream"), Description: aws.String("Managed"), VpcId: &w.vpc,
		TagSpecifications: tagged(types.ResourceTypeSecurityGroup),
	})
	if err != nil {
		return err
	}
	w.group = *made.GroupId
	everywhere := []types.IpPermission{{IpProtocol: aws.String("-1"), IpRanges: []types.IpRange{{CidrIp: aws.String("0.0.0.0/0")}}}}
	if _, err := c.RevokeSecurityGroupEgress(ctx, &ec2.RevokeSecurityGroupEgressInput{GroupId: &w.group, IpPermissions: everywhere}); err != nil {
		return err
	}
	found, err := c.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{GroupIds: []string{w.group}})
	if err != nil {
		return err
	}
	return want(len(found.SecurityGroups[0].IpPermissionsEgress) == 0, "no egress, got %v", found.SecurityGroups[0].IpPermissionsEgress)
}

func (w *world) groupRule(ctx context.Context, id *string) error {
	found, err := w.ec2().DescribeSecurityGroupRules(ctx, &ec2.DescribeSecurityGroupRulesInput{SecurityGroupRuleIds: []string{*id}})
	if err != nil {
		return err
	}
	if err := want(len(found.SecurityGroupRules) == 1, "one rule, got %d", len(found.SecurityGroupRules)); err != nil {
		return err
	}
	rules, err := w.ec2().DescribeSecurityGroupRules(ctx, &ec2.DescribeSecurityGroupRulesInput{Filters: filter("group-id", w.group)})
	if err != nil {
		return err
	}
	return want(len(rules.SecurityGroupRules) > 0, "rules of the group")
}

func ingressRule(ctx context.Context, w *world) error {
	made, err := w.ec2().AuthorizeSecurityGroupIngress(ctx, &ec2.AuthorizeSecurityGroupIngressInput{
		GroupId: &w.group, IpPermissions: []types.IpPermission{{
			IpProtocol: aws.String("tcp"), FromPort: aws.Int32(443), ToPort: aws.Int32(443),
			UserIdGroupPairs: []types.UserIdGroupPair{{GroupId: &w.group}},
		}},
	})
	if err != nil {
		return err
	}
	return w.groupRule(ctx, made.SecurityGroupRules[0].SecurityGroupRuleId)
}

func egressRule(ctx context.Context, w *world) error {
	made, err := w.ec2().AuthorizeSecurityGroupEgress(ctx, &ec2.AuthorizeSecurityGroupEgressInput{
		GroupId: &w.group, IpPermissions: []types.IpPermission{{
			IpProtocol: aws.String("-1"), Ipv6Ranges: []types.Ipv6Range{{CidrIpv6: aws.String("::/0")}},
		}},
	})
	if err != nil {
		return err
	}
	return w.groupRule(ctx, made.SecurityGroupRules[0].SecurityGroupRuleId)
}

func vpcEndpoint(ctx context.Context, w *world) error {
	c := w.ec2()
	name := "com.amazonaws.eu-central-1.s3"
	made, err := c.CreateVpcEndpoint(ctx, &ec2.CreateVpcEndpointInput{
		VpcId: &w.vpc, ServiceName: &name, VpcEndpointType: types.VpcEndpointTypeGateway, RouteTableIds: []string{w.table},
	})
	if err != nil {
		return err
	}
	err = poll(ctx, "the endpoint", func() (bool, error) {
		found, err := c.DescribeVpcEndpoints(ctx, &ec2.DescribeVpcEndpointsInput{VpcEndpointIds: []string{*made.VpcEndpoint.VpcEndpointId}})
		return err == nil && strings.EqualFold(string(found.VpcEndpoints[0].State), "available"), err
	})
	if err != nil {
		return err
	}
	lists, err := c.DescribePrefixLists(ctx, &ec2.DescribePrefixListsInput{Filters: filter("prefix-list-name", name)})
	if err != nil {
		return err
	}
	if err := want(len(lists.PrefixLists) == 1, "one prefix list, got %d", len(lists.PrefixLists)); err != nil {
		return err
	}
	_, err = c.DeleteVpcEndpoints(ctx, &ec2.DeleteVpcEndpointsInput{VpcEndpointIds: []string{*made.VpcEndpoint.VpcEndpointId}})
	return err
}

// leaving makes the calls of the plugin before it deletes groups and subnets.
var leaving = []check{
	{"aws:ec2/securityGroup:SecurityGroup", func(ctx context.Context, w *world) error {
		return w.noInterfaces(ctx, filter("group-id", w.group))
	}},
	{"aws:ec2/subnet:Subnet", func(ctx context.Context, w *world) error {
		return w.noInterfaces(ctx, filter("subnet-id", w.subnet))
	}},
	{"aws:lambda/function:Function", func(ctx context.Context, w *world) error {
		return w.noInterfaces(ctx, filter("interface-type", "lambda", "description", "AWS Lambda VPC ENI-*", "group-id", w.group))
	}},
}

func (w *world) noInterfaces(ctx context.Context, by []types.Filter) error {
	found, err := w.ec2().DescribeNetworkInterfaces(ctx, &ec2.DescribeNetworkInterfacesInput{Filters: by})
	if err != nil {
		return err
	}
	return want(len(found.NetworkInterfaces) == 0, "no network interface, got %d", len(found.NetworkInterfaces))
}
