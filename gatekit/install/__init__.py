"""What is installed before anything can be converged: media for bare machines."""
