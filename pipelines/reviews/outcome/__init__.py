"""The outcome ledger kept, judged, watched and shown."""
