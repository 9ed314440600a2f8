"""Several processes that serve as one: a supervisor that answers no viewer, and workers that do nothing else."""
