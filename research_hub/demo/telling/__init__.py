"""The story as acts on days: what was done, by whom, through the same operations that the pages use."""
