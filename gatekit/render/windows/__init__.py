"""Windows on VM3: the files of its answer medium, and what its baseline is given."""

from gatekit.render.windows.answer_medium import MediumFile, answer_medium, sealed
from gatekit.render.windows.baseline import baseline, baseline_sha256, role_input

__all__ = ["MediumFile", "answer_medium", "baseline", "baseline_sha256", "role_input", "sealed"]
