"""Accuracy of KEDA's counting strategies."""
