"""A rehearsal: the whole of a prepared day, played in minutes on a copy, with simulated people; at its end a list of what is missing.

`copying` takes the day's rows to a folder of their own, `stage` plays them on a clock that is wound, `audience` answers and talks,
`findings` says what went wrong, `progress` is what a page and a terminal read meanwhile. The day itself is only read.
"""
