"""The nightly check: 60 phrases are spoken, and Whisper reads them back. `scripts/nightly` runs it."""
