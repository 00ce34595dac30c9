"""The plan as the controller uses it: the inventory, whom to trust, and the build folder."""
