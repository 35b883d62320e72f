"""The versions of which the cluster is built."""

KUBERNETES = "1.34.4"
"""Has to agree with modules/kubernetes/go.mod."""

KEDA = "2.19.0"
KEDA_MODULE = "github.com/kedacore/keda/v2"
KEDA_CHECKSUM = "h1:IP3iMTwr9HkaAwPtLnhngPv74LghMf7ubLrsGLQo52M="

KUEUE = "0.15.0"
KUEUE_MODULE = "sigs.k8s.io/kueue"
KUEUE_CHECKSUM = "h1:9Khzc2ne6/eWuZx5o+R4KlVBzh3kZkTIMzpPC2e8Spg="

PAUSE_IMAGE = "localhost/pause:1"
KUEUE_IMAGE = f"localhost/kueue:{KUEUE}"
