"""PACS GatewayService: the daemon that keeps the archive equal to what the PACS publish (IN-2 .. IN-4).

``daemon`` puts it together. ``desk`` takes requests in, ``lease`` and ``queue`` are the durable side of the
work, ``worker`` does one request, ``supervisor`` runs the workers and the nightly sweep. What it knows of DICOM
stands behind ``links``.
"""
