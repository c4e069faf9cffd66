"""Scores of Assay's algorithms beside those of their oracles, on the same rows of real tables."""
