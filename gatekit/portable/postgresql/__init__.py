"""PostgreSQL as it has to be: accounts, databases, schema; over its local socket, without a client program."""
