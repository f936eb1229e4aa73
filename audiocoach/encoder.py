"""How sound is encoded, said once: what the finished file, the measure of a voice and the mixer go by.

48 kHz, mono, 64 kb/s; joint stereo at 96 kb/s where sounds lie to a side, and at 128 kb/s where music plays;
and the highest peak that may go into an encoder, since it comes out higher.
"""

from __future__ import annotations

from audiocoach.units import SAMPLE_RATE_HZ

BIT_RATE_KBPS = 64
CHANNELS = 1
SIDED_KBPS = 96
STEREO_KBPS = 128
STEREO_CHANNELS = 2
# LAME's own scale, 0 (slow) to 9 (quick); what it does between 2 and 5 nobody hears at this bit rate.
QUALITY = 5
# Of full scale: -1.7 dB. In the file a peak comes out higher than it went in: -1 dBTP after decoding.
PEAK_CEILING = 0.82


def mp3_stream(pcm: bytes, channels: int = CHANNELS, kbps: int = BIT_RATE_KBPS) -> bytes:
    """48 kHz, 16 bit PCM, interleaved, as plain MP3 frames of a fresh encoder, its delay in front."""
    import lameenc  # noqa: PLC0415 - a build that finds everything encodes nothing

    encoder = lameenc.Encoder()
    encoder.set_bit_rate(kbps)
    encoder.set_in_sample_rate(SAMPLE_RATE_HZ)
    if kbps == SIDED_KBPS:
        # Of itself LAME would take a third of the samples away.
        encoder.set_out_sample_rate(SAMPLE_RATE_HZ)
    encoder.set_channels(channels)
    encoder.set_quality(QUALITY)
    encoder.silence()
    return bytes(encoder.encode(pcm)) + bytes(encoder.flush())
