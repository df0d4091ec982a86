#!/usr/bin/env bash
# Writes the seeds that the tests' own files do not cover: a third of a second of speech in containers of phones and browsers.
# Needs espeak-ng and ffmpeg. The files are committed, because other versions of these programs write other bytes.
set -euo pipefail
cd "$(dirname "$0")"
espeak-ng -v en-us+m3 -s 150 --stdout four > four.wav
speech() { # name, ffmpeg options...
    name=$1
    shift
    ffmpeg -v error -y -i four.wav -t 0.35 -fflags +bitexact -flags:a +bitexact "$@" "$name"
}
speech aac.m4a -ar 16000 -ac 1 -c:a aac -b:a 24k
speech alac.m4a -ar 8000 -ac 1 -c:a alac
speech aac.adts -ar 16000 -ac 1 -c:a aac -b:a 24k -f adts
speech fragmented.mp4 -ar 16000 -ac 1 -c:a aac -b:a 24k -movflags frag_keyframe+empty_moov
speech pcm.caf -ar 8000 -ac 1 -c:a pcm_s16be -f caf
speech opus.webm -ar 16000 -ac 1 -c:a libopus -b:a 16k
speech vorbis.webm -ar 22050 -ac 1 -c:a libvorbis -q:a 0
speech speex.ogg -ar 8000 -ac 1 -c:a libspeex
speech pcm.wav -ar 8000 -ac 1 -c:a pcm_s16le
speech float.wav -ar 8000 -ac 2 -c:a pcm_f32le
speech mulaw.aifc -ar 8000 -ac 1 -c:a pcm_mulaw -f aiff
speech short.flac -ar 8000 -ac 1 -c:a flac
speech short.mp3 -ar 16000 -ac 1 -c:a libmp3lame -b:a 24k
ffmpeg -v error -y -i short.flac -c:a copy -f ogg -fflags +bitexact one.oga
cat one.oga one.oga > joined.oga
rm four.wav one.oga
