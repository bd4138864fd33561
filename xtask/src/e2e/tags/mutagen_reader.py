"""Reads the files named on standard input with mutagen; one JSON object a line."""
import json
import sys

import mutagen
from mutagen.apev2 import APEv2
from mutagen.id3 import ID3

ID3_FRAMES = {
    "title": ["TIT2"], "artist": ["TPE1"], "album": ["TALB"], "album_artist": ["TPE2"], "composer": ["TCOM"],
    "track": ["TRCK"], "disc": ["TPOS"], "date": ["TDRC", "TDRL", "TDOR"], "compilation": ["TCMP"],
    "artist_sort": ["TSOP", "XSOP"], "album_artist_sort": ["TSO2"], "album_sort": ["TSOA", "XSOA"],
    "title_sort": ["TSOT", "XSOT"],
}
# What free text is called; in Vorbis comments, APE items and what users define in ID3 and MP4.
WORDS = {
    "title": ["title"], "artist": ["artist"], "album": ["album"], "composer": ["composer"], "genre": ["genre"],
    "album_artist": ["albumartist", "album artist", "album_artist"],
    "track": ["tracknumber", "track", "tracknum"], "track_total": ["tracktotal", "totaltracks"],
    "disc": ["discnumber", "disc", "disknumber", "discnum"], "disc_total": ["disctotal", "totaldiscs"],
    "date": ["date", "year", "releasedate", "originaldate", "originalyear"],
    "compilation": ["compilation", "itunescompilation"],
    "track_gain": ["replaygain_track_gain"], "album_gain": ["replaygain_album_gain"],
    "r128_track": ["r128_track_gain"], "r128_album": ["r128_album_gain"],
    "artist_sort": ["artistsort"], "album_artist_sort": ["albumartistsort"],
    "album_sort": ["albumsort"], "title_sort": ["titlesort"],
}
MP4_ITEMS = {
    "title": "\xa9nam", "artist": "\xa9ART", "album": "\xa9alb", "album_artist": "aART", "date": "\xa9day",
    "genre": "\xa9gen", "composer": "\xa9wrt", "artist_sort": "soar", "album_artist_sort": "soaa",
    "album_sort": "soal", "title_sort": "sonm",
}


def fill(found, name, values):
    values = [text for text in (str(value) for value in values) if text.strip()]
    if values and name not in found:
        found[name] = values


def words(found, get):
    for name, keys in WORDS.items():
        for key in keys:
            fill(found, name, get(key))


def id3(found, tags):
    for name, frames in ID3_FRAMES.items():
        for frame in frames:
            fill(found, name, [text for each in tags.getall(frame) for text in each.text])
    fill(found, "genre", [text for each in tags.getall("TCON") for text in each.genres])
    free = {each.desc.lower(): each.text for each in tags.getall("TXXX")}
    words(found, lambda key: free.get(key, []))


def mp4(found, tags):
    for name, item in MP4_ITEMS.items():
        fill(found, name, tags.get(item, []))
    for name, item in (("track", "trkn"), ("disc", "disk")):
        fill(found, name, [f"{number}/{total}" for number, total in tags.get(item, [])])
    if "cpil" in tags:
        fill(found, "compilation", [int(tags["cpil"])])
    free = {}
    for key, values in tags.items():
        if key.startswith("----:"):
            free.setdefault(key.split(":")[-1].lower(), [bytes(value).decode("utf-8", "replace") for value in values])
    words(found, lambda key: free.get(key, []))


def others(found, path, reader):
    """Tags besides the container's own."""
    try:
        tags = reader(path)
    except Exception:
        return
    if reader is ID3:
        id3(found, tags)
    else:
        lower = {key.lower(): list(value) for key, value in tags.items() if not value.kind}
        words(found, lambda key: lower.get(key, []))


def read(path):
    file = mutagen.File(path)
    if file is None:
        return {"error": "not known"}
    found = {}
    tags = file.tags
    kind = type(tags).__name__
    if isinstance(tags, ID3):
        id3(found, tags)
    elif kind in ("MP4Tags",):
        mp4(found, tags)
    elif tags is not None and hasattr(tags, "get"):
        lower = {}
        for key, value in (tags.items() if hasattr(tags, "items") else tags):
            lower.setdefault(key.lower(), []).extend(list(value) if isinstance(value, list) else [value])
        words(found, lambda key: lower.get(key, []))
    if type(file).__name__ in ("MP3", "AAC"):
        others(found, path, APEv2)
    if type(file).__name__ in ("FLAC", "AAC"):
        others(found, path, ID3)
    length = getattr(file.info, "length", None)
    return {"tags": found, "duration": length}


for line in sys.stdin:
    try:
        answer = read(line.rstrip("\n"))
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
