"""The one role of a container function: who may assume it, and what it may do."""
