"""The walk of the Python SDK, one file for each kind of resource."""
