"""r2p-stance: who stands where on the responsibility to protect, from transcripts of UN debates."""

__version__ = "0.1.0"
