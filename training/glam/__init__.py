"""GLAM in PyTorch: the networks, the plain reference pipeline, and training."""
