"""An LDAP directory as it has to be: strict LDIF in, one search, one change set, one connection that writes."""
