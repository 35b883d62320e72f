"""Nothing is lost, whatever is killed.

The seed of a run is printed; CHAOS_SEED repeats it, CHAOS_MESSAGES enlarges it.
"""
