"""Benchmarks, not timed tests; what they said is written in docs/performance.md."""
