"""The VPC of a platform: subnets, egress, endpoints and security groups."""
