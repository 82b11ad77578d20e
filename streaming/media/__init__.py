"""The media process: films and live sources in, CMAF parts out. It knows no word of conferences and runs by itself.

    python -m streaming.media --data-dir D --port P --token-file F

Films: `app` (their HTTP interface), `films` (what is being packed), `worker` (one film, in a process of its own), `reading` (is this a
film, and does it obey the rules?), `transcoding` (when it does not), `packing` (into parts), `manifest` (what lies where), `slate`.
Live sources: `live_app` (their HTTP interface), `sources` and `source` (which are wanted, and one at work), `feed` (its packets, for all
who want them), `intake` and `clocks` (when a packet is to be shown), `whip` behind the gate `sdp` and the hook `encoded`; `rtmp` with
`studio` and `reencoding`; `panels` and `whep` with what they need; `sound` and `packager` (packets into parts), `recording` (kept on disk),
`notices` (told), `runs` (what is told).
Both: `cmaf` (the boxes). The feature `streaming` uses `manifest`, `runs` and the box patch of `cmaf`; everything else goes over HTTP.
"""
