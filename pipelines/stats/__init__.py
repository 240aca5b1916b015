"""Statistics over plain numbers and arrays; nothing here reads or knows a table.

SciPy's special functions are named in full, `scipy.special.ndtri`: so they are loaded on their
first use, and a command that needs no interval does not wait a quarter of a second for them.
"""
