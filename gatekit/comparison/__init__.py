"""Plan and devices side by side: what a run would change (preview) and what somebody changed (drift); docs/adr/0017."""
