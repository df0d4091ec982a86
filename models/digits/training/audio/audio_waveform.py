"""The `waveform` preprocessing of the service (shared/Multimodal.Inference/Audio/Preprocessing/Waveform*.cs) in Python.

It uses the same libraries (libsndfile decodes, libsoxr resamples) and the same arithmetic. The C# code is the reference;
`audio_parity.py` compares the rows of both with a tolerance of 1e-3.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import io

import numpy as np
import soundfile
from scipy.signal import lfilter

_soxr = ctypes.CDLL("libsoxr.so.0")
_soxr.soxr_oneshot.restype = ctypes.c_char_p
_soxr.soxr_oneshot.argtypes = [
    ctypes.c_double, ctypes.c_double, ctypes.c_uint,
    ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p,
    ctypes.c_void_p, ctypes.c_size_t, ctypes.POINTER(ctypes.c_size_t),
    ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]


class _Quality(ctypes.Structure):
    """`soxr_quality_spec_t`."""

    _fields_ = [("precision", ctypes.c_double), ("phase", ctypes.c_double), ("passband_end", ctypes.c_double),
                ("stopband_begin", ctypes.c_double), ("e", ctypes.c_void_p), ("flags", ctypes.c_ulong)]


_soxr.soxr_quality_spec.restype = _Quality
_soxr.soxr_quality_spec.argtypes = [ctypes.c_ulong, ctypes.c_ulong]
_HIGH = _soxr.soxr_quality_spec(4, 0)  # the default of the streaming interface; that of the one-shot interface is lower

CUTOFF_HZ = 60.0
FRAME_SECONDS = 0.020
HOP_SECONDS = 0.010
JOIN_SECONDS = 0.25
TARGET_RMS = 0.1
MAX_GAIN = 1000.0


def resample(samples: np.ndarray, source: float, target: float) -> np.ndarray:
    """Band-limited resampling of mono float32 samples (libsoxr, high quality)."""
    if source == target or len(samples) == 0:
        return samples.astype(np.float32)
    samples = np.ascontiguousarray(samples, np.float32)
    out = np.empty(int(len(samples) * target / source + 1.5), np.float32)
    done = ctypes.c_size_t()
    error = _soxr.soxr_oneshot(source, target, 1, samples.ctypes.data, len(samples), None,
                               out.ctypes.data, len(out), ctypes.byref(done), None, ctypes.byref(_HIGH), None)
    if error:
        raise RuntimeError(error.decode())
    return out[:done.value]


def decode(media: bytes, rate: int) -> np.ndarray:
    """Decodes any file that libsndfile supports to mono float32 at `rate`."""
    samples, source = soundfile.read(io.BytesIO(media), dtype="float32", always_2d=True)
    return resample(samples.mean(axis=1, dtype=np.float32), source, rate)


def block_dc(samples: np.ndarray, rate: int) -> np.ndarray:
    """y[n] = x[n] - x[n-1] + a y[n-1]: removes the offset and most of the rumble."""
    a = np.exp(-2 * np.pi * CUTOFF_HZ / rate)
    return lfilter([1.0, -1.0], [1.0, -a], samples.astype(np.float64))


def loudness(samples: np.ndarray, rate: int) -> np.ndarray:
    """Decibels of each 20 ms frame (hop 10 ms), power smoothed over five frames."""
    frame, hop = round(FRAME_SECONDS * rate), round(HOP_SECONDS * rate)
    count = max(1, 1 + -(-(len(samples) - frame) // hop))
    padded = np.zeros((count - 1) * hop + frame)
    padded[:len(samples)] = samples[:len(padded)]
    total = np.concatenate([[0.0], np.cumsum(padded ** 2)])
    starts = np.arange(count) * hop
    power = (total[starts + frame] - total[starts]) / frame
    ends = np.concatenate([[0.0], np.cumsum(power)])
    low, high = np.maximum(np.arange(count) - 2, 0), np.minimum(np.arange(count) + 3, count)
    smooth = np.maximum(ends[high] - ends[low], 0.0) / (high - low)
    return 10 * np.log10(smooth + 1e-12)


def active_segment(samples: np.ndarray, rate: int) -> tuple[int, int]:
    """First and past-the-last sample of the loudest run of frames; the whole clip if no run stands out."""
    level = loudness(samples, rate)
    frame, hop = round(FRAME_SECONDS * rate), round(HOP_SECONDS * rate)
    peak = level.max()
    floor = np.clip(np.sort(level)[int(0.1 * (len(level) - 1))], peak - 45, peak - 10)
    threshold = floor + 0.35 * (peak - floor)
    join = round(JOIN_SECONDS / HOP_SECONDS)
    best, best_score = (0, len(level) - 1), -1.0
    first = last = -1
    score = 0.0
    for i in np.flatnonzero(level >= threshold):
        if first < 0 or i - last > join:
            first, score = i, 0.0
        last = i
        score += level[i] - threshold
        if score > best_score:
            best, best_score = (first, last), score
    return best[0] * hop, min(best[1] * hop + frame, len(samples))


def row(samples: np.ndarray, rate: int, seconds: float, trim: str = "energy", normalise: str = "rms") -> np.ndarray:
    """One row of the model's input from mono samples at `rate`."""
    width = round(seconds * rate)
    clean = block_dc(samples, rate)
    start, end = active_segment(clean, rate) if trim == "energy" else (0, min(len(clean), width))
    middle = (start + end) // 2
    if end - start > width:
        power = clean[start:end] ** 2
        total = power.sum()
        centroid = start + int((power * np.arange(end - start)).sum() / total) if total > 0 else middle
        middle = min(max(centroid, start + width // 2), end - width // 2)
    begin = middle - width // 2 if trim == "energy" else 0
    out = np.zeros(width)
    low, high = max(begin, 0), min(begin + width, len(clean))
    out[low - begin:high - begin] = clean[low:high]
    inside = out[max(start - begin, 0):min(end - begin, width)]
    if normalise == "rms" and len(inside):
        out *= min(TARGET_RMS / max(np.sqrt(np.mean(inside ** 2)), 1e-12), MAX_GAIN)
    elif normalise == "peak" and len(inside):
        out *= min(1.0 / max(np.abs(inside).max(), 1e-12), MAX_GAIN)
    return out.astype(np.float32)
