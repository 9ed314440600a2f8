"""A customer's file of viewers into the store: checked, sealed and written by worker processes, in constant memory.

An import that was stopped, by whatever means, goes on where it stood: how far it has come is kept in the store, only
after everything before that place is. Rows that are read again are written again, to the same effect.
"""

from streamsrv.stores.imports.batches import Plan
from streamsrv.stores.imports.job import Job, Tally, prepare
from streamsrv.stores.imports.run import Outcome, run_import

__all__ = ["Job", "Outcome", "Plan", "Tally", "prepare", "run_import"]
