"""What holds for every test: how long one generated example takes says how busy the machine is, and nothing else."""

from hypothesis import settings

settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")
