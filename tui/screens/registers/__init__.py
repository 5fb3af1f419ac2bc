"""The pages over all units: what waits for review, the problems, the visits."""
