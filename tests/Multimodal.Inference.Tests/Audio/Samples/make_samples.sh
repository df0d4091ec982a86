#!/bin/sh
# Creates the audio files in this folder: one second of 440 Hz in each compressed format, and spoken digits.
# Needs ffmpeg (with libmp3lame, libopus, libvorbis) and espeak-ng.
set -eu
cd "$(dirname "$0")"
make() { # name, rate, channels, ffmpeg options...
    name=$1 rate=$2 channels=$3
    shift 3
    ffmpeg -v error -y -f lavfi -i "sine=frequency=440:sample_rate=$rate:duration=1" -ac "$channels" \
        -fflags +bitexact -flags:a +bitexact "$@" "$name"
}
make tone-44100.flac 44100 1 -c:a flac
make tone-48000.ogg 48000 2 -c:a libvorbis -b:a 48k
make tone.opus 48000 1 -c:a libopus -b:a 16k
make tone-no-tag.mp3 22050 1 -c:a libmp3lame -b:a 32k -id3v2_version 0 -write_xing 0
make tone-id3.mp3 44100 2 -c:a libmp3lame -b:a 48k -id3v2_version 3 -metadata title=tone
make tone.aiff 8000 1 -c:a pcm_s16be
make tone-adpcm.wav 8000 1 -c:a adpcm_ms
# A FLAC stream that is written to a pipe does not state its length.
ffmpeg -v error -f lavfi -i "sine=frequency=440:sample_rate=16000:duration=1" -c:a flac -f flac -fflags +bitexact pipe:1 > tone-unsized.flac
ffmpeg -v error -f lavfi -i "sine=frequency=440:sample_rate=16000:duration=1" -c:a flac -f ogg -fflags +bitexact -y tone-flac.oga
espeak-ng -v en-us+m6 -s 150 --stdout seven | ffmpeg -v error -y -i pipe:0 -ar 16000 -ac 1 -c:a libmp3lame -b:a 32k \
    -fflags +bitexact -id3v2_version 0 spoken-seven.mp3
espeak-ng -v en-us-nyc+f4 -s 150 --stdout zero | ffmpeg -v error -y -i pipe:0 -ar 44100 -ac 1 -c:a libvorbis -b:a 32k \
    -fflags +bitexact spoken-zero.ogg
espeak-ng -v en+m8 -s 150 --stdout three | ffmpeg -v error -y -i pipe:0 -ar 16000 -ac 1 -c:a flac -fflags +bitexact spoken-three.flac
# A spoken digit in formats that both backends decode, and in formats that only the native backend supports.
espeak-ng -v en-us+m3 -s 150 --stdout four > four.wav
speech() { # name, ffmpeg options...
    name=$1
    shift
    ffmpeg -v error -y -i four.wav -fflags +bitexact -flags:a +bitexact "$@" "$name"
}
speech four-16000-cbr.mp3 -ar 16000 -ac 1 -c:a libmp3lame -b:a 32k
speech four-24000-vbr.mp3 -ar 24000 -ac 1 -c:a libmp3lame -q:a 6
speech four-44100-stereo.mp3 -ar 44100 -ac 2 -c:a libmp3lame -q:a 6
speech four-8000.mp3 -ar 8000 -ac 1 -c:a libmp3lame -b:a 16k
speech four-22050.ogg -ar 22050 -ac 1 -c:a libvorbis -q:a 2
speech four-quad.ogg -ar 48000 -ac 4 -c:a libvorbis -q:a 0
speech four-silk.opus -ar 16000 -ac 1 -c:a libopus -b:a 14k
speech four-hybrid.opus -ar 24000 -ac 1 -c:a libopus -b:a 28k
speech four-celt-stereo.opus -ar 48000 -ac 2 -c:a libopus -b:a 64k
speech four-51.opus -ar 48000 -ac 6 -c:a libopus -b:a 64k -mapping_family 1
speech four-ima.wav -ar 11025 -ac 2 -c:a adpcm_ima_wav
speech four-alaw.wav -ar 8000 -ac 1 -c:a pcm_alaw
speech four-24bit.aiff -ar 11025 -ac 1 -c:a pcm_s24be
speech four-sowt.aiff -ar 8000 -ac 1 -c:a pcm_s16le
speech four-float.aiff -ar 8000 -ac 1 -c:a pcm_f32be
rm four.wav
