"""The ground: store, log, bus, clock, ids, errors. It knows no word of conferences.

A verb is a function of a transaction that loads rows, decides, puts rows and records events; many share one commit. Everything else
follows the log. Where to look: `store` (verbs), `event` and `log` (what has happened), `bus` (waking those who follow), `faces` (who may
see what), `reactor` (what follows from what), `asking` (asked twice, done once), `audit` (what staff did), `columns` (what is kept).
"""
