"""Leave out the image in a dict."""

from intermodal import ContainerFunctionArgs

args: ContainerFunctionArgs = {"target": "lambda"}
