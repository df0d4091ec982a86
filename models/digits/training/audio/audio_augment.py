"""Augmentation of mel power [batch, bands, frames], where a frequency response is a factor and noise is a sum.

Rooms, file formats, sample rates and real noise are already in the rows (audio_pools.py). This adds variety at almost no cost per
epoch.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F


def bend(power: Tensor, random: torch.Generator, tract: float, tempo: float, shift: float, frames: int) -> Tensor:
    """Varies vocal-tract length (scales the frequency axis) and tempo and position (the time axis); cuts `frames` from the middle."""
    batch, bands, extent = power.shape
    high = torch.exp(torch.randn(batch, generator=random) * tract).clamp(0.78, 1.28)
    time = torch.exp(torch.randn(batch, generator=random) * tempo).clamp(0.65, 1.45)
    theta = torch.zeros(batch, 2, 3)
    theta[:, 0, 0] = time * frames / extent
    theta[:, 0, 2] = (torch.rand(batch, generator=random) * 2 - 1) * shift
    theta[:, 1, 1], theta[:, 1, 2] = high, high - 1  # the lowest band stays in place
    grid = F.affine_grid(theta, [batch, 1, bands, frames], align_corners=True)
    # In the logarithm, so that an empty frame next to a loud one does not become half as loud.
    log = torch.log(power + 1e-9)[:, None]
    return torch.exp(F.grid_sample(log, grid, padding_mode="border", align_corners=True)[:, 0])


def curve(count: int, points: int, bands: int, random: torch.Generator) -> Tensor:
    """[count, bands, 1] smooth random curves through `points` unit normals."""
    knots = torch.randn(count, 1, points, generator=random)
    return F.interpolate(knots, size=bands, mode="linear", align_corners=True).transpose(1, 2)


def colour(power: Tensor, random: torch.Generator, decibels: float) -> Tensor:
    """A smooth random frequency response; one third of them slope at the low or the high end."""
    batch, bands, _ = power.shape
    gain = curve(batch, 7, bands, random) * torch.rand(batch, 1, 1, generator=random) * decibels
    place = torch.arange(bands)[None, :, None]
    edge = 8 * torch.rand(batch, 1, 1, generator=random)
    low = torch.rand(batch, 1, 1, generator=random) < 0.2
    high = torch.rand(batch, 1, 1, generator=random) < 0.2
    gain = gain - 5 * (edge - place).clamp(min=0) * low - 5 * (place - (bands - 1 - edge)).clamp(min=0) * high
    return power * torch.exp(gain * (math.log(10) / 10))


def noise(power: Tensor, random: torch.Generator, share: float) -> Tensor:
    """Coloured noise 3 to 60 dB below the loud frames, with the chi-square fluctuation of real noise, some of it in gusts."""
    batch, bands, frames = power.shape
    slope = torch.linspace(1, -1, bands)[None, :, None] * torch.rand(batch, 1, 1, generator=random) * 1.5
    shape = torch.exp(slope + 0.5 * curve(batch, 6, bands, random))
    gusts = torch.exp(curve(batch, 5, frames, random).transpose(1, 2) * torch.rand(batch, 1, 1, generator=random))
    ripple = -torch.log(torch.rand(batch, bands, frames, generator=random).clamp(min=1e-6))
    loud = power.mean(dim=1, keepdim=True).topk(max(frames // 6, 1), dim=2).values.mean(dim=2, keepdim=True)
    below = 3 + 57 * torch.rand(batch, 1, 1, generator=random)
    amount = loud * 10 ** (-below / 10) * (torch.rand(batch, 1, 1, generator=random) < share)
    hiss = shape * gusts * ripple
    return power + amount * hiss / hiss.mean(dim=(1, 2), keepdim=True)


def gate(power: Tensor, random: torch.Generator, share: float) -> Tensor:
    """Simulates a noise suppressor or a low-bitrate codec: removes what lies 15 to 45 dB below the loud frames."""
    loud = power.amax(dim=2).mean(dim=1)[:, None, None]
    below = 15 + 30 * torch.rand(len(power), 1, 1, generator=random)
    chosen = torch.rand(len(power), 1, 1, generator=random) < share
    return torch.where(chosen, (power - loud * 10 ** (-below / 10)).clamp(min=0), power)


def level(power: Tensor, random: torch.Generator, decibels: float) -> Tensor:
    """Simulates the error of the service's level, which it sets by the active part of the sound."""
    return power * 10 ** ((torch.rand(len(power), 1, 1, generator=random) * 2 - 1) * decibels / 10)


def mask(mel: Tensor, random: torch.Generator, bands: int, frames: int) -> Tensor:
    """SpecAugment (Park et al. 2019): replaces one band and one time range by the clip's mean."""
    batch, mels, steps = mel.shape
    hidden = torch.zeros(batch, mels, steps, dtype=torch.bool)
    for axis, extent, limit in ((1, mels, bands), (2, steps, frames)):
        width = torch.rand(batch, generator=random) * limit
        start = torch.rand(batch, generator=random) * (extent - width)
        place = torch.arange(extent)
        inside = (place >= start[:, None]) & (place < (start + width)[:, None])
        hidden |= inside[:, :, None] if axis == 1 else inside[:, None, :]
    return torch.where(hidden, mel.mean(dim=(1, 2), keepdim=True), mel)
