"""Kill every part of a deployment and check that no message is lost.

Each run prints its seed; CHAOS_SEED repeats it, CHAOS_MESSAGES raises the number of messages.
"""
