"""Source `topic`: an SNS topic."""
