"""The read API: the figures of one day as JSON, for programs of others that bring a key of the day.

Shapes: what an answer holds, from which the OpenAPI document is written, too (`openapi`). What is not in a shape is not told.
Figures: read from the sections of the report and put into those shapes; nothing is counted here.
"""
