"""Target `batch`: a topic that stands for a compute service, to try how a target is added."""
