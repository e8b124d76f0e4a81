"""Studies, research sessions and the texts that hold what people said."""
