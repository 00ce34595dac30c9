"""The plan: its types, a module a subject, and in ``make`` the pure way to it from a valid intent."""
