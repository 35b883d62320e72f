"""Pin the Go modules and images that the cluster uses."""

from local.cluster.versions import KEDA, KUBERNETES, KUEUE

KEDA_MODULE = "github.com/kedacore/keda/v2"
KEDA_CHECKSUM = "h1:IP3iMTwr9HkaAwPtLnhngPv74LghMf7ubLrsGLQo52M="

KUEUE_MODULE = "sigs.k8s.io/kueue"
KUEUE_CHECKSUM = "h1:9Khzc2ne6/eWuZx5o+R4KlVBzh3kZkTIMzpPC2e8Spg="

PAUSE_IMAGE = "localhost/pause:1"
KUEUE_IMAGE = f"localhost/kueue:{KUEUE}"

__all__ = [
    "KEDA",
    "KEDA_CHECKSUM",
    "KEDA_MODULE",
    "KUBERNETES",
    "KUEUE",
    "KUEUE_CHECKSUM",
    "KUEUE_IMAGE",
    "KUEUE_MODULE",
    "PAUSE_IMAGE",
]
