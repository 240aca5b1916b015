"""The scripts beside the tests are run in processes of their own, never imported."""

collect_ignore = [
    "event_days.py",
    "measure.py",
    "measure_pages.py",
    "operating_characteristics.py",
    "plain_script.py",
]
