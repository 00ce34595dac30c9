"""WildFly on a managed node, standard library only: its versions side by side, and its configuration by wish.

``management`` talks to the HTTP management API, ``wish`` is what has to be, ``change_set`` decides and ``composite``
writes it as operations (both pure), ``server`` observes and applies. ``installation`` keeps versions beside each
other, ``version_switch`` goes from one to another and back, ``keystore`` makes the PKCS12 file of the https listener.
"""
