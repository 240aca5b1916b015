"""Alembic's way in: runs what is missing on the connection that `migrating` holds."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
