"""The services of review meetings, from the agenda to the published minutes."""
