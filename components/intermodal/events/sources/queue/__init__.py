"""The `queue` source: messages sent to the inbox or to an existing queue."""
