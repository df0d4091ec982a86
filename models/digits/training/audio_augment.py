"""Variety made on the fly, in batches: [batch, samples] PCM and [batch, mels, frames] log-mel. PyTorch."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

RATE = 8000


def warp(pcm: Tensor, random: torch.Generator, spread: float, shift: float) -> Tensor:
    """Plays each clip faster or slower (pitch and formants follow) and moves it a little; cubic interpolation."""
    batch, length = pcm.shape
    ratio = torch.exp(torch.randn(batch, 1, generator=random) * spread).clamp(0.72, 1.4)
    move = (torch.rand(batch, 1, generator=random) * 2 - 1) * shift * RATE
    position = (torch.arange(length) - length / 2) * ratio + length / 2 + move
    whole = position.floor()
    t = position - whole
    padded = F.pad(pcm, (2, 2))
    index = (whole.long() + 2).clamp(1, length + 1)
    a, b, c, d = (padded.gather(1, index + k) for k in (-1, 0, 1, 2))
    curve = b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
    return curve * ((position >= 0) & (position < length))


def colour(pcm: Tensor, random: torch.Generator, decibels: float, rooms: float, noise: float) -> Tensor:
    """Random frequency response for all, a room for a share `rooms`, coloured noise (5 to 60 dB) for a share `noise`."""
    batch, length = pcm.shape
    size = 12288 if length > 8000 else 8192  # what wraps around is one more echo
    spectrum = torch.fft.rfft(pcm, size)
    bins = spectrum.shape[1]
    hertz = torch.linspace(0, RATE / 2, bins).clamp(min=20)
    gain = torch.randn(batch, 1, 9, generator=random) * decibels * torch.rand(batch, 1, 1, generator=random)
    octave = (torch.log2(hertz / 60) / math.log2(4000 / 60)).clamp(0, 1) * 2 - 1
    grid = torch.stack([octave, torch.zeros(bins)], dim=1).expand(batch, 1, bins, 2)
    gain = F.grid_sample(gain[:, :, None], grid, align_corners=True)[:, 0, 0]
    cut = torch.where(torch.rand(batch, 1, generator=random) < 0.25, 2500 + 1500 * torch.rand(batch, 1, generator=random),
                      torch.tensor(1e9))
    gain = gain - 36 * torch.log2(hertz / cut).clamp(min=0)
    spectrum = spectrum * torch.exp(gain * (math.log(10) / 20))
    chosen = torch.rand(batch, generator=random) < rooms
    if chosen.any():
        count, tail = int(chosen.sum()), 2400
        seconds = 0.1 + 0.4 * torch.rand(count, 1, generator=random)
        echo = torch.randn(count, tail, generator=random) * 10 ** (-3 * torch.arange(tail) / (seconds * RATE))
        echo = echo / echo.norm(dim=1, keepdim=True) * 10 ** (-torch.empty(count, 1).uniform_(0, 12, generator=random) / 20)
        echo[:, 0] = 1
        spectrum[chosen] = spectrum[chosen] * torch.fft.rfft(echo, size)
    power = pcm.pow(2).sum(dim=1, keepdim=True) / (pcm.abs() > 0.01).sum(dim=1, keepdim=True).clamp(min=2000)
    snr = 5 + 55 * torch.rand(batch, 1, generator=random)
    hiss = torch.randn(batch, bins, 2, generator=random)
    slope = (hertz / 50).clamp(min=1) ** (-torch.rand(batch, 1, generator=random))
    hiss = torch.view_as_complex(hiss) * slope
    hiss = hiss / hiss.abs().pow(2).mean(dim=1, keepdim=True).sqrt() * math.sqrt(size)
    amount = torch.sqrt(power) * 10 ** (-snr / 20) * (torch.rand(batch, 1, generator=random) < noise)
    return torch.fft.irfft(spectrum + hiss * amount, size)[:, :length]


def babble(pcm: Tensor, random: torch.Generator, share: float) -> Tensor:
    """Adds other clips of the batch, 8 to 28 dB below and displaced in time, to a share of the clips."""
    batch, length = pcm.shape
    other = sum(torch.roll(pcm[torch.randperm(batch, generator=random)],
                           int(torch.randint(length, (1,), generator=random)), dims=1) for _ in range(3))
    amount = 10 ** (-(8 + 20 * torch.rand(batch, 1, generator=random)) / 20)
    return pcm + 0.6 * other * amount * (torch.rand(batch, 1, generator=random) < share)


def normalise(pcm: Tensor, random: torch.Generator) -> Tensor:
    """Level as the service sets it (RMS 0.1 while active), within 3 dB since the active part is only guessed here."""
    power = pcm.pow(2)
    active = power > 0.02 * power.unfold(1, 160, 160).mean(dim=2).amax(dim=1, keepdim=True)
    level = torch.sqrt((power * active).sum(dim=1, keepdim=True) / active.sum(dim=1, keepdim=True).clamp(min=1) + 1e-12)
    wobble = 10 ** ((torch.rand(len(pcm), 1, generator=random) * 6 - 4) / 20)
    return pcm * (0.13 * wobble / level).clamp(max=1000)


def bend(mel: Tensor, random: torch.Generator, tract: float, tempo: float) -> Tensor:
    """Vocal-tract length (stretches the frequency axis) and tempo (the time axis), independently."""
    batch = len(mel)
    high = torch.exp(torch.randn(batch, generator=random) * tract).clamp(0.8, 1.25)
    time = torch.exp(torch.randn(batch, generator=random) * tempo).clamp(0.7, 1.4)
    theta = torch.zeros(batch, 2, 3)
    theta[:, 0, 0], theta[:, 1, 1] = time, high
    theta[:, 1, 2] = high - 1  # the lowest band stays where it is
    grid = F.affine_grid(theta, [batch, 1, *mel.shape[1:]], align_corners=True)
    return F.grid_sample(mel[:, None], grid, padding_mode="border", align_corners=True)[:, 0]


def mask(mel: Tensor, random: torch.Generator, bands: int, frames: int) -> Tensor:
    """SpecAugment (Park et al. 2019): one band and two stretches of time become the clip's mean."""
    batch, mels, steps = mel.shape
    hidden = torch.zeros(batch, mels, steps, dtype=torch.bool)
    for axis, extent, count, limit in ((1, mels, 1, bands), (2, steps, 2, frames)):
        for _ in range(count):
            width = torch.rand(batch, generator=random) * limit
            start = torch.rand(batch, generator=random) * (extent - width)
            place = torch.arange(extent)
            inside = (place >= start[:, None]) & (place < (start + width)[:, None])
            hidden |= inside[:, :, None] if axis == 1 else inside[:, None, :]
    return torch.where(hidden, mel.mean(dim=(1, 2), keepdim=True), mel)
