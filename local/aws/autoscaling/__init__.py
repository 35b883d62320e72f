"""Application Auto Scaling, which ministack has not: its API, and what it does for services that consume a queue."""
