"""The top floor: HTTP, sockets, pages and the command line. Knows all below, is known by nobody.

`bootstrap` is the only place where the parts meet; `endpoints/` holds one file for each feature; everything else here is the machinery
they share.
"""
