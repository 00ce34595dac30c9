"""A CPE from its factory state into reach, and back to it: on the console, before and after the change engine."""
