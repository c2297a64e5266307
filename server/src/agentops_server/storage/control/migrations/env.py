"""What alembic runs to migrate: inside the transaction that `migration.migrate` began and will commit."""

from alembic import context

from agentops_server.storage.control.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
)
with context.begin_transaction():
    context.run_migrations()
