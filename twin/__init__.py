"""The digital twin: one hospital and the data centre on one Linux machine, with podman.

Not here: device simulators (gatekit/simulators), anything the appliance itself is made of (roles/).
"""
