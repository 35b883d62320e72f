"""Measure the accuracy of KEDA's counting strategies."""
