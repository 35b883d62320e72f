"""So many functions, written in one of the ways that are compared."""

import importlib

import pulumi

config = pulumi.Config("bench")
way = importlib.import_module(f"bench.preview.ways.{config.require('way')}")
for number in range(config.require_int("functions")):
    way.declare(f"f{number:04d}")
