"""A platform's VPC: subnets, egress, endpoints and security groups."""
