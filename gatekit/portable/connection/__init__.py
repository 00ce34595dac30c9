"""Connection tests (OP-7) as VM1 runs them: one file a protocol, standard library and OpenSSH only.

Every protocol takes a ``Dialogue`` and what is ``Asked``, and leaves steps: outcome words and facts, never verdicts
(those are made in ``gatekit.connection``), never a patient's data, never a secret.
"""
