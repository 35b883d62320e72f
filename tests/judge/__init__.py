"""Everything that the library registers, checked against the schemas of AWS and Kubernetes."""
