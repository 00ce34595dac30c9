"""Differential Query/Retrieve: keep the archive equal to what the PACS publishes of a patient (IN-2 .. IN-4).

``model`` holds the types, ``compare`` decides (pure), ``inquiry`` runs the decision against two peers,
``transport`` is the seam, ``memory`` its fake and ``network`` the real thing on pynetdicom.
"""
