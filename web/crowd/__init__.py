"""The crowd: clients that speak the protocol from outside, as a browser does, by the thousand in one process.

`Client` is one of them. `play` sends simulated people to a day (`samsyn demo`), `load` measures how a server bears many (`samsyn load`).
Nothing here imports anything of the server: what it knows of a day it was told on the wire, or reads from the files of a kit.
"""

from web.crowd.client import Client, Staff
from web.crowd.demo import play
from web.crowd.door import Door, NotLetIn, Session, Who
from web.crowd.load import Plan, load
from web.crowd.outbox import Answer, Gone

__all__ = ["Answer", "Client", "Door", "Gone", "NotLetIn", "Plan", "Session", "Staff", "Who", "load", "play"]
