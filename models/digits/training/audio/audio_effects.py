"""Effects on a sound: rooms, noise, levels, sample rates and file formats. Plain numpy."""

from __future__ import annotations

import io

import numpy as np
import soundfile
from scipy.signal import fftconvolve

from audio_waveform import resample

RATES = (8000, 11025, 16000, 22050, 32000, 44100, 48000)
SFC_SET_COMPRESSION_LEVEL, SFC_SET_BITRATE_MODE = 0x1301, 0x1305  # of libsndfile; mode 0 is a constant rate


def rms(samples: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)) + 1e-20))


def coloured(rng: np.random.Generator, length: int, rate: int, slope: float) -> np.ndarray:
    """Noise whose power falls with frequency**slope: 0 white, 1 pink, 2 brown. Unit RMS."""
    size = 1 << max(length - 1, 1).bit_length()
    spectrum = np.fft.rfft(rng.standard_normal(size).astype(np.float32))
    hertz = np.fft.rfftfreq(size, 1 / rate)
    spectrum *= (np.maximum(hertz, 50.0) / 50.0) ** (-slope / 2) * (hertz > 20)
    noise = np.fft.irfft(spectrum, size)[:length]
    return (noise / rms(noise)).astype(np.float32)


def background(rng: np.random.Generator, length: int, rate: int, talk: list[tuple[np.ndarray, int]]) -> np.ndarray:
    """Background noise of unit RMS: white to brown, hum, slow gusts, or several speakers (`talk`) at once."""
    kind = rng.random()
    if kind < 0.2 and talk:
        noise = np.zeros(length, np.float32)
        for samples, source in talk:
            voice = resample(samples, source, rate)
            voice = np.tile(voice, length // max(len(voice), 1) + 2)
            start = rng.integers(len(voice) - length)
            noise += voice[start:start + length] / max(rms(voice), 1e-6) * rng.uniform(0.5, 1)
    else:
        noise = coloured(rng, length, rate, rng.uniform(0, 2))
        if kind < 0.35:  # mains hum with harmonics
            base, t = rng.choice([50, 60]), np.arange(length) / rate
            for harmonic in range(1, 6):
                noise += rng.uniform(0, 1.5) / harmonic * np.sin(2 * np.pi * base * harmonic * t + rng.uniform(0, 6))
        elif kind < 0.55:  # gusts
            t = np.arange(length) / rate
            noise *= 1 + 0.7 * np.sin(2 * np.pi * rng.uniform(0.3, 4) * t + rng.uniform(0, 6))
    return (noise / rms(noise)).astype(np.float32)


def reverberate(rng: np.random.Generator, samples: np.ndarray, rate: int, seconds: float) -> np.ndarray:
    """A room: exponentially decaying noise after the direct sound. `seconds` is the time to fall by 60 dB."""
    length = max(int(rate * min(seconds, 0.5)), 2)
    tail = rng.standard_normal(length) * 10 ** (-3 * np.arange(length) / (seconds * rate))
    tail[:int(rate * rng.uniform(0.001, 0.008))] = 0
    tail *= 10 ** (-rng.uniform(2, 12) / 20) / np.sqrt(np.sum(tail ** 2) + 1e-12)
    tail[0] = 1
    return fftconvolve(samples, tail).astype(np.float32)


def equalise(rng: np.random.Generator, samples: np.ndarray, rate: int, decibels: float) -> np.ndarray:
    """A smooth random frequency response, often with the limits of a telephone or a cheap microphone."""
    spectrum = np.fft.rfft(samples, len(samples) + 512)
    hertz = np.fft.rfftfreq(len(samples) + 512, 1 / rate)
    points = np.array([60, 150, 300, 600, 1200, 2400, 4800, 9600, 24000])
    gain = np.interp(np.log(np.maximum(hertz, 20)), np.log(points), rng.normal(0, decibels, len(points)))
    if rng.random() < 0.3:
        gain -= 24 * np.maximum(np.log2(rng.uniform(100, 350) / np.maximum(hertz, 10)), 0)
    if rng.random() < 0.3:
        gain -= 48 * np.maximum(np.log2(np.maximum(hertz, 10) / rng.uniform(2800, 3800)), 0)
    return np.fft.irfft(spectrum * 10 ** (np.clip(gain, -60, 20) / 20))[:len(samples)].astype(np.float32)


def with_noise(rng: np.random.Generator, samples: np.ndarray, rate: int, snr: float, before: float, after: float,
               talk: list[tuple[np.ndarray, int]], kind: str = "any") -> np.ndarray:
    """`samples` with silence around it, in noise `snr` decibels below the RMS of `samples`."""
    lead, trail = int(before * rate), int(after * rate)
    out = np.concatenate([np.zeros(lead, np.float32), samples, np.zeros(trail, np.float32)])
    if np.isinf(snr):
        return out
    noise = coloured(rng, len(out), rate, 0) if kind == "white" else background(rng, len(out), rate, talk)
    return out + noise * np.float32(rms(samples) * 10 ** (-snr / 20))


def encode(samples: np.ndarray, rate: int, form: str, rng: np.random.Generator) -> tuple[bytes, str]:
    """A sound file as users send it: `form` is wav8, wav16, wav24, float, ulaw, flac, ogg, opus, mp3 or mp3-32k."""
    if form == "opus" and rate not in (8000, 12000, 16000, 24000, 48000):
        samples, rate = resample(samples, rate, 48000), 48000
    if samples.ndim == 1 and rng.random() < 0.25 and form != "mp3-32k":
        samples = np.stack([samples, samples * np.float32(rng.uniform(0.6, 1))], axis=1)
    container, subtype, suffix = {
        "wav8": ("WAV", "PCM_U8", ".wav"), "wav16": ("WAV", "PCM_16", ".wav"), "wav24": ("WAV", "PCM_24", ".wav"),
        "float": ("WAV", "FLOAT", ".wav"), "ulaw": ("WAV", "ULAW", ".wav"), "flac": ("FLAC", "PCM_16", ".flac"),
        "ogg": ("OGG", "VORBIS", ".ogg"), "opus": ("OGG", "OPUS", ".opus"),
        "mp3": ("MP3", "MPEG_LAYER_III", ".mp3"), "mp3-32k": ("MP3", "MPEG_LAYER_III", ".mp3")}[form]
    out = io.BytesIO()
    with soundfile.SoundFile(out, "w", rate, 1 if samples.ndim == 1 else 2, subtype, format=container) as file:
        if form == "mp3-32k":
            # libsndfile maps a level in 0..1 linearly to a rate between the top and the bottom of the MPEG version.
            top, bottom = (320, 32) if rate >= 32000 else (160, 8) if rate >= 16000 else (64, 8)
            _command(file, SFC_SET_BITRATE_MODE, "int", 0)
            _command(file, SFC_SET_COMPRESSION_LEVEL, "double", (top - 32) / (top - bottom))
        file.write(np.clip(samples, -1, 1))
    return out.getvalue(), suffix


def _command(file: soundfile.SoundFile, command: int, kind: str, value: float) -> None:
    data = soundfile._ffi.new(f"{kind} *", value)
    soundfile._snd.sf_command(file._file, command, data, soundfile._ffi.sizeof(kind))
