"""VM1 above its base system (AP-2): ``model`` holds the types, ``software`` computes them from the intent."""
