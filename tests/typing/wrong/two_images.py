"""Set both a URI and a build folder."""

from intermodal import ContainerFunction

ContainerFunction("scan", image={"uri": "123456789012.dkr.ecr/scan:1", "build": "scan"}, target="lambda")
