"""Declare a number of functions in one of the compared variants."""

import importlib

import pulumi

config = pulumi.Config("bench")
variant = importlib.import_module(f"bench.preview.variants.{config.require('variant')}")
for number in range(config.require_int("functions")):
    variant.declare(f"f{number:04d}")
