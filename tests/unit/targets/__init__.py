"""Tests of the targets, as what they register."""
