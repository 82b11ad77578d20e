"""The packed slate: init.mp4, media.m4s, manifest.json; `make` made them from slate.svg."""
