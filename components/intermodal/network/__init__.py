"""The VPC of a platform, its subnets, ways out, endpoints and security groups."""
