"""Kill every part of a deployment and check that no message is lost.

Each run prints its seed; CHAOS_SEED repeats a run, CHAOS_MESSAGES raises the number of messages.
"""
