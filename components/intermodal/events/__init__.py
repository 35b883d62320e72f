"""Where events come from, and the inbox that every one of them ends in."""
