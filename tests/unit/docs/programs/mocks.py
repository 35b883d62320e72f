"""Test a program without an account, engine or Docker. Run this in the folder of `examples/hello`."""

import runpy
import unittest

import pulumi

from intermodal.testing import Mocks


# --8<-- [start:test]
class TestHello(unittest.TestCase):
    def setUp(self) -> None:
        self.cloud = Mocks()
        pulumi.runtime.set_mocks(self.cloud, project="shop", stack="test")

    @pulumi.runtime.test
    def test_hello_has_half_a_gigabyte_on_lambda(self) -> None:
        runpy.run_path("__main__.py")

    def tearDown(self) -> None:
        function = self.cloud.inputs("aws:lambda/function:Function", "hello-main-function")
        self.assertEqual(function["memorySize"], 512)


# --8<-- [end:test]
