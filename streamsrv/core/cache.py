"""A bounded map that forgets what was used least recently."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class LruCache(Generic[K, V]):
    """Holds at most `capacity` cost; each value costs 1 unless `put` says otherwise."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.cost = 0
        self._entries: OrderedDict[K, tuple[V, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: K) -> V | None:
        """The value, which becomes the most recently used; None where it is not held."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        self._entries.move_to_end(key)
        return entry[0]

    def put(self, key: K, value: V, *, cost: int = 1) -> None:
        """Hold `value`, forgetting others until it fits; one that could never fit is not held."""
        self.discard(key)
        if cost > self.capacity:
            return
        self._entries[key] = (value, cost)
        self.cost += cost
        while self.cost > self.capacity:
            _, (_, forgotten_cost) = self._entries.popitem(last=False)
            self.cost -= forgotten_cost

    def discard(self, key: K) -> None:
        """Forget `key`, held or not."""
        entry = self._entries.pop(key, None)
        if entry is not None:
            self.cost -= entry[1]

    def discard_where(self, unwanted: Callable[[K], bool]) -> None:
        """Forget every key for which `unwanted` is true; looks at all of them."""
        for key in [key for key in self._entries if unwanted(key)]:
            self.discard(key)
