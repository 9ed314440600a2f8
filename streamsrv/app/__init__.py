"""The composition root: settings in, a running server out, and everything closed in the opposite order.

The only place where adapters meet the use cases. Holds no logic of its own.
"""
