"""Source `feed`: a topic of its own, to try how a source is added."""
