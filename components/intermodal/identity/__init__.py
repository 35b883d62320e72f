"""Create container function roles with their trust policies and permissions."""
