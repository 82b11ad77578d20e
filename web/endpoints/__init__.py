"""One file for each feature: its pages, forms and wishes. `web.bootstrap.ENDPOINTS` lists them; nothing else knows them.

A file may say any of these, and no more:

``ROUTES``
    its addresses: ``Address("/days/{day}/cockpit", cockpit, who=role(*STAFF))``. The handler gets a `web.address.Visit`: ``visit.me``,
    ``visit.day``, ``visit.house.<service>``, ``await visit.form()``, ``await visit.json(Model)``, ``visit.page("cockpit.html", …)``,
    ``visit.data({...})``, ``visit.go("/…")``. Who may use it is checked before; saying no is raising `Refused`. Host, Origin, size and
    headers are the guard's business. A body larger than 64 KiB is allowed by ``most_bytes=``.

``WISHES``
    rows of the wish table, one `web.wishes.WishKind` each, with every column: the model of the arguments (a subclass of `Args`; its fields
    are bounded with ``msgspec.Meta``), roles, limit class, shed class, memory, audit, call. ``call`` gets the house, the asker and the
    arguments and awaits the service's verb. A wish whose form fields do not say its arguments has a ``form`` too.

``SHOWS``
    what the feature shows: a `web.shows.Shows` with its FACES, its part of the state (``shared``, ``personal``), what changes without
    events (``pictures``), and events that change a person (``changes``). A function ``shows(...)`` when it needs something to be made with.

A wish that changes what screens see needs no code here: its verb records an event, and the event's face reaches every screen.
"""
