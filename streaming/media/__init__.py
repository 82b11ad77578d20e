"""The media process: films in, CMAF parts out. It knows no word of conferences and runs by itself.

    python -m streaming.media --data-dir D --port P --token-file F

Inside: `app` (its small HTTP interface), `films` (what is being packed), `worker` (one film, in a process of its own), `reading` (is this
a film, and does it obey the rules?), `transcoding` (when it does not), `packing` (into parts), `cmaf` (the boxes), `manifest` (what lies
where), `slate` (the picture for when there is none).
Of all this the feature `streaming` uses `manifest` and the box patch of `cmaf`; everything else goes over HTTP.
"""
