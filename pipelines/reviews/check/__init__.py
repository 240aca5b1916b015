"""The Check: from a locked plan and what came after to a verdict and its sentence. Pure."""
