"""Finding what is left of somebody's words, taking it out, and showing that nothing is left."""
