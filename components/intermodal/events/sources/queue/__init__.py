"""Source `queue`: messages sent to the inbox, or to an existing queue."""
