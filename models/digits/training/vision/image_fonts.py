"""Assigns font families to splits. Clones of one design (Helvetica, Times, Courier, Lato and Carlito,
DejaVu Mono and Hack) are in the same split, so a font of `test` has no relative in `train`."""

from __future__ import annotations

import glob
import os

FONT_ROOT = "/usr/share/fonts"

FAMILIES: dict[str, list[str]] = {
    "train": [
        "truetype/dejavu/DejaVu*.ttf", "truetype/hack/*.ttf",
        "truetype/liberation2/*.ttf", "truetype/freefont/*.ttf",
        "truetype/lato/*.ttf", "truetype/crosextra/*.ttf",
        "truetype/firacode/*.ttf", "opentype/dosis/*.otf", "opentype/cantarell/*.otf",
        "truetype/quicksand/*.ttf", "opentype/roboto/slab/*.otf", "truetype/mononoki/*.ttf",
        "truetype/monofur/*.ttf", "truetype/fonts-oldstandard/*.ttf", "truetype/oxygen/*.ttf",
        "opentype/quattrocento/*.otf", "truetype/charis/*.ttf", "truetype/tuffy/*.ttf",
        "opentype/yanone-kaffeesatz/*.otf", "opentype/courier-prime/*.otf", "opentype/b612/*.otf",
        "truetype/opendin/*.ttf", "truetype/ocr-a/*.ttf", "truetype/adf/*.otf",
        "opentype/comic-neue/*.otf", "opentype/jura/*.otf", "opentype/national-park/*.otf",
        "truetype/agave/*.ttf", "truetype/averia-gwf/*.ttf", "opentype/league-spartan/*.otf",
        "truetype/routed-gothic/*.ttf", "opentype/arapey/*.otf", "opentype/linux-libertine/LinBiolinum_R*.otf",
        "opentype/linux-libertine/LinLibertine_R*.otf", "truetype/dseg/DSEG7Classic*.ttf",
    ],
    "dev": [
        "opentype/cabin/*.otf", "truetype/paratype/PTF*.ttf", "truetype/inconsolata/*.otf",
        "truetype/play/*.ttf", "opentype/sora/*.otf", "truetype/anonymous-pro/*.ttf", "fonts-go/*.ttf",
        "truetype/hermit/*.otf", "opentype/fonts-prociono/*.otf",
    ],
    "test": [
        "truetype/roboto/unhinted/**/*.ttf", "truetype/open-sans/*.ttf", "opentype/ebgaramond/EBGaramond12*.otf",
        "opentype/lobstertwo/*.otf", "truetype/jetbrains-mono/*.ttf", "opentype/bebas-neue/*.otf",
        "truetype/comfortaa/*.ttf", "truetype/vollkorn/*.ttf", "opentype/ocr-b/*.otf", "truetype/paratype/PTS*.ttf",
        "truetype/roadgeek/*.ttf", "truetype/manrope/*.ttf", "truetype/gentium/*.ttf", "truetype/3270/*.ttf",
        "truetype/dseg/DSEG7Modern*.ttf",
    ],
}

PACKAGES = (
    "fonts-dejavu-core fonts-dejavu-extra fonts-hack fonts-liberation2 fonts-freefont-ttf fonts-lato "
    "fonts-crosextra-carlito fonts-crosextra-caladea fonts-firacode fonts-dosis fonts-cantarell fonts-quicksand "
    "fonts-roboto-slab fonts-roboto-unhinted fonts-mononoki fonts-monofur fonts-oldstandard fonts-oxygen "
    "fonts-quattrocento fonts-sil-charis fonts-sil-gentium fonts-tuffy fonts-yanone-kaffeesatz fonts-courier-prime "
    "fonts-b612 fonts-opendin fonts-ocr-a fonts-ocr-b fonts-adf-accanthis fonts-adf-gillius fonts-adf-mekanus "
    "fonts-adf-switzera fonts-adf-tribun fonts-adf-universalis fonts-comic-neue fonts-jura fonts-national-park "
    "fonts-agave fonts-averia-sans-gwf fonts-averia-serif-gwf fonts-league-spartan fonts-routed-gothic fonts-arapey "
    "fonts-linuxlibertine fonts-dseg fonts-cabin fonts-paratype fonts-inconsolata fonts-play fonts-sora "
    "fonts-anonymous-pro fonts-go fonts-hermit fonts-prociono fonts-open-sans fonts-ebgaramond fonts-lobstertwo "
    "fonts-jetbrains-mono fonts-bebas-neue fonts-comfortaa fonts-vollkorn fonts-roadgeek fonts-manrope fonts-3270"
)

_cache: dict[str, list[list[str]]] = {}


def families(split: str) -> list[list[str]]:
    """The font files of a split, one list per family pattern, so that families with many weights are not drawn more often."""
    if split not in _cache:
        found = [sorted(glob.glob(os.path.join(FONT_ROOT, p), recursive=True)) for p in FAMILIES[split]]
        if any(not files for files in found):
            missing = [p for p, files in zip(FAMILIES[split], found) if not files]
            raise FileNotFoundError(f"fonts missing: {missing}; install {PACKAGES}")
        _cache[split] = found
    return _cache[split]
