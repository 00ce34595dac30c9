"""What people wrote about one hospital, read strictly into frozen types; no device, no default by product."""
