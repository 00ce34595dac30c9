"""A CPE's part of the plan in the language of the Yamaha RTX routers."""
