"""Stand-in for the kubernetes plugin: any kind, over REST, by server-side apply."""
