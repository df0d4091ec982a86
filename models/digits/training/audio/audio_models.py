"""The two networks. Both take PCM. The spectrogram is part of the graph, so that the model's only input is samples."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

RATE = 8000
FLOOR = 1e-6  # 40 dB below white noise at the level that the service sets


def mel_weights(bins: int, count: int, low: float, high: float, warp: float) -> np.ndarray:
    """[count, bins] triangular filters, evenly spaced in mel (O'Shaughnessy 1987), each summing to one.

    `warp` multiplies the centres, which simulates a shorter or longer vocal tract. From 2800 Hz on it fades out, so that `high` stays.
    """
    mel = lambda hertz: 2595 * np.log10(1 + hertz / 700)
    edges = 700 * (10 ** (np.linspace(mel(low), mel(high), count + 2) / 2595) - 1)
    edges = np.interp(edges, [0, 2800, high], [0, 2800 * warp, high])
    hertz = np.linspace(0, RATE / 2, bins)
    rise = (hertz - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    fall = (edges[2:, None] - hertz) / (edges[2:] - edges[1:-1])[:, None]
    weights = np.maximum(0, np.minimum(rise, fall))
    # The lowest filters may lie between two bins; they use the nearest one.
    weights[np.arange(count), np.abs(hertz - edges[1:-1, None]).argmin(axis=1)] += 1e-3
    return weights / weights.sum(axis=1, keepdims=True)


class Spectrogram(nn.Module):
    """Power [batch, bands, frames] of PCM [batch, samples], once for each view.

    Without `mels`, the bands are the bins of the Fourier transform and there is one view. With `mels`, they are mel filters, and each of
    `warps` adds a view.
    """

    def __init__(self, size: int, hop: int, mels: int = 0, warps: tuple[float, ...] = (1.0,)) -> None:
        super().__init__()
        self.size, self.hop = size, hop
        window = np.hanning(size + 1)[:-1]
        self.scale = float(1 / np.sum(window ** 2))
        phase = 2 * np.pi * np.outer(np.arange(size // 2 + 1), np.arange(size)) / size
        kernel = np.concatenate([np.cos(phase), np.sin(phase)]) * window
        banks = [mel_weights(size // 2 + 1, mels, 80, 3900, warp) for warp in warps] if mels else []
        self.register_buffer("window", torch.tensor(window, dtype=torch.float32), persistent=False)
        self.register_buffer("kernel", torch.tensor(kernel[:, None], dtype=torch.float32), persistent=False)
        self.banks = [torch.tensor(bank, dtype=torch.float32) for bank in banks]
        self.exporting = False

    def forward(self, samples: Tensor) -> list[Tensor]:
        if self.exporting:  # the DFT as a convolution, which every runtime supports
            both = F.conv1d(samples[:, None], self.kernel, stride=self.hop) ** 2
            power = both[:, :self.size // 2 + 1] + both[:, self.size // 2 + 1:]
        else:
            frames = samples.unfold(1, self.size, self.hop) * self.window
            spectrum = torch.fft.rfft(frames)
            power = (spectrum.real ** 2 + spectrum.imag ** 2).transpose(1, 2)
        power = power * self.scale
        return [torch.matmul(bank, power) for bank in self.banks] or [power]


def conv2(inputs: int, outputs: int, stride: tuple[int, int]) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU())


class SpeechNet(nn.Module):
    """Four 2-D convolutions, one over time, attentive statistics pooling (Okabe et al. 2018)."""

    MELS, HOP, SIZE, SECONDS = 40, 128, 256, 1.2

    def __init__(self, width: int = 24) -> None:
        super().__init__()
        w = width
        self.local = nn.Sequential(conv2(2, w, (2, 1)), conv2(w, 2 * w, (2, 2)), conv2(2 * w, 3 * w, (2, 2)))
        self.mix = nn.Sequential(nn.Conv1d(3 * w * 5, 96, 1, bias=False), nn.BatchNorm1d(96), nn.ReLU(),
                                 nn.Dropout(0.2),
                                 nn.Conv1d(96, 96, 3, padding=1, bias=False), nn.BatchNorm1d(96), nn.ReLU())
        self.attend = nn.Conv1d(96, 96, 1)
        self.decide = nn.Sequential(nn.Dropout(0.3), nn.Linear(192, 10))

    def forward(self, power: Tensor) -> Tensor:
        """[batch, mels, frames] power to [batch, 10] logits."""
        mel = torch.log(power + FLOOR)
        # Two channels: relative to the whole clip's level, and without the clip's mean spectrum (speaker, microphone).
        plain = mel - mel.mean(dim=(1, 2), keepdim=True)
        loud = torch.softmax(0.5 * mel.mean(dim=1, keepdim=True), dim=2)
        relative = mel - (mel * loud).sum(dim=2, keepdim=True)
        x = self.local(torch.stack([plain, relative], dim=1) * 0.3)
        x = self.mix(x.flatten(1, 2))
        weight = torch.softmax(self.attend(x), dim=2)
        mean = (x * weight).sum(dim=2)
        deviation = torch.sqrt(torch.clamp((x * x * weight).sum(dim=2) - mean * mean, min=1e-4))
        return self.decide(torch.cat([mean, deviation], dim=1))


class ToneNet(nn.Module):
    """A fine spectrogram over a short window, convolutions over time across all bins, attention and maximum over time."""

    HOP, SIZE, SECONDS = 128, 256, 0.6

    def __init__(self) -> None:
        super().__init__()
        self.local = nn.Sequential(nn.Conv1d(129, 64, 3, padding=1, bias=False), nn.BatchNorm1d(64), nn.ReLU(),
                                   nn.Conv1d(64, 64, 3, padding=1, bias=False), nn.BatchNorm1d(64), nn.ReLU())
        self.attend = nn.Conv1d(64, 64, 1)
        self.decide = nn.Sequential(nn.Dropout(0.1), nn.Linear(128, 10))

    def forward(self, power: Tensor) -> Tensor:
        """[batch, bins, frames] power to [batch, 10] logits."""
        bins = torch.log(power + FLOOR)
        x = self.local((bins - bins.mean(dim=(1, 2), keepdim=True)) * 0.4)
        weight = torch.softmax(self.attend(x), dim=2)
        return self.decide(torch.cat([(x * weight).sum(dim=2), x.amax(dim=2)], dim=1))


class Listener(nn.Module):
    """PCM to logits: the logarithm of the mean probability over the spectrogram's views and over one or more networks."""

    def __init__(self, spectrogram: Spectrogram, nets: list[nn.Module]) -> None:
        super().__init__()
        self.spectrogram, self.nets = spectrogram, nn.ModuleList(nets)

    def forward(self, pcm: Tensor) -> Tensor:
        chances = [torch.log_softmax(net(power), dim=1) for power in self.spectrogram(pcm) for net in self.nets]
        return torch.logsumexp(torch.stack(chances), dim=0) - math.log(len(chances))


def export(model: Listener, samples: int, path: str) -> None:
    """Writes the model as ONNX, opset 16, dynamic batch."""
    model.eval()
    model.spectrogram.exporting = True
    torch.onnx.export(model, torch.zeros(2, samples), path, opset_version=16, input_names=["pcm"],
                      output_names=["logits"], dynamic_axes={"pcm": {0: "batch"}, "logits": {0: "batch"}})
    model.spectrogram.exporting = False


def parameters(model: nn.Module) -> int:
    return sum(math.prod(p.shape) for p in model.parameters())
