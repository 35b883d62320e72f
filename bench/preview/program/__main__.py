"""Declare functions with the variant and number set in the config."""

import importlib

import pulumi

config = pulumi.Config("bench")
variant = importlib.import_module(f"bench.preview.variants.{config.require('variant')}")
for number in range(config.require_int("functions")):
    variant.declare(f"f{number:04d}")
