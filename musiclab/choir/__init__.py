"""Four voices after Bach: chorales as numbers, rules for singers, and a network that writes.

`compose_chorale` writes a chorale, or goes on with one; `musiclab.harmonise` puts three voices under a tune.
"""

from musiclab.choir.frames import SINGERS
from musiclab.choir.writing import CAN, CHORALE, SHIPPED, compose_chorale, load_choir

__all__ = ["CAN", "CHORALE", "SHIPPED", "SINGERS", "compose_chorale", "load_choir"]
