"""Create a platform's VPC with its subnets, egress, endpoints and security groups."""
