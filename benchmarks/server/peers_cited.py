"""What the peers' answers took on a million spans, which take them hours to load: measured once, by the same questions.

One run each on 2 shared cores of 2.5 GHz (virtual), Python 3.11.7, the server on one core and whoever asked on the
other, spans of 3.2 KB in traces of a hundred and one of ten thousand, 999,600 in all. p50 / p99 of 1 to 30 times; a
question that took longer than half a minute was asked once. Phoenix keeps its summary in memory, so that the first one
is what it takes. MLflow ran with one worker, and its search came after `ANALYZE`.
"""

CITED: tuple[tuple[str, dict[str, str]], ...] = (
    (
        "arize-phoenix 20.26.1, 999,600 spans (cited)",
        {
            "newest 50 sessions with their figures": "4,353 / 4,354, first 5,008",
            "summary by day and model": "31 / 34, first 4,002",
            "search for a rare word": "first 47,189",
            "10,000 events whole": "first 30,337",
            "disk": "4.63 GB",
        },
    ),
    (
        "mlflow 3.17.2, 999,600 spans (cited)",
        {
            "newest 50 sessions with their figures": "144 / 209, first 2,241",
            "summary by day and model": "3,272 / 3,352, first 3,907",
            "search for a rare word": "4,760 / 5,113, first 5,979",
            "10,000 events whole": "first 15,692",
            "disk": "8.73 GB",
        },
    ),
)
"""A column of the table for each: its heading, and what is said of each question, in milliseconds."""
