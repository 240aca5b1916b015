"""One product's exports in the formats that real tools write, from one seed.

Run `python -m sample_data.generate [DIR]`; the same program writes the same bytes everywhere.
"""
