"""dcm4chee on a managed node, standard library only: its distribution, its database schema, and its watch.

Its directory entries go through ``directory``, its part of WildFly through ``wildfly``.
"""
