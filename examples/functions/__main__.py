"""Create the functions that the stack file defines, on a platform that another stack exports."""

import pulumi

from intermodal import Platform, stack_functions

reference = pulumi.StackReference(pulumi.Config().require("platform"))
platform = Platform.attach("shared", reference)

functions, _ = stack_functions({"platform": platform, "vpc": True})

pulumi.export("inboxes", {name: function.inbox_url for name, function in functions.items()})
