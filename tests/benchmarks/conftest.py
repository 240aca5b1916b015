"""The scripts beside the tests are run in processes of their own, never imported."""

collect_ignore = ["event_days.py", "measure.py", "plain_script.py"]
