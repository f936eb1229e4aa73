"""A system without fork: each interpreter that has this folder in PYTHONPATH takes itself to be on one."""

from audiocoach.voice import studio

studio.FORKS = False
# The default of an argument is taken when its function is made.
studio.Studio.__init__.__kwdefaults__ = {**(studio.Studio.__init__.__kwdefaults__ or {}), "forks": False}
