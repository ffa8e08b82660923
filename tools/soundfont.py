"""Read and write sound fonts: SF2 (plain samples) and SF3 (the same, each sample an Ogg Vorbis file).

A sound font is a tree: a *preset* ("Violin", what a musician picks) has zones that point at *instruments*, whose zones point
at *samples*. A zone says for which keys and velocities it sounds and carries *generators* (numbered settings: envelope,
filter, loop ...). In the file each level is a table that refers to the next by row number; here it is plain objects, so that
cutting a font is leaving objects out. Field names follow the SoundFont 2.04 specification (E-mu, 2006), section 7.
"""

import io
import struct
from dataclasses import dataclass, field

import numpy as np

# Generators by their number in the specification, section 8.1.2: only those that the tools speak about.
PAN, KEYS, VELOCITIES, ATTENUATION, COARSE_TUNE, FINE_TUNE, LOOPS, ROOT = 17, 43, 44, 48, 51, 52, 54, 58
INSTRUMENT, SAMPLE = 41, 53  # the links from a zone to what it plays
MONO = 1  # kind of a sample that is no half of a stereo pair
COMPRESSED = 0x10  # added to the kind of a sample that is an Ogg Vorbis file

TABLES = {  # the nine tables of the file's last part, in order -> layout of a row
    b"phdr": "<20s3H3I",
    b"pbag": "<2H",
    b"pmod": "<10s",
    b"pgen": "<Hh",
    b"inst": "<20sH",
    b"ibag": "<2H",
    b"imod": "<10s",
    b"igen": "<Hh",
    b"shdr": "<20s5IBbHH",
}
WRITE_CHUNK = 4096  # frames: libsndfile crashes when it is handed a long Vorbis sample in one piece


@dataclass(eq=False)
class Sample:
    """A recorded note.

    Args:
        audio: (n_frames,) int16.
        loop: (first, past-the-last) frame of the part that repeats while the key is held.
        root: MIDI pitch of the recording; `correction` cents are added when it is played.
        quality: of its Vorbis compression, 0 (small) to 1 (good).
    """

    name: str
    audio: np.ndarray
    loop: tuple
    rate: int
    root: int
    correction: int = 0
    kind: int = MONO
    quality: float = 0.2


@dataclass(eq=False)
class Zone:
    """Where something sounds and how: `generators` is {number: amount}; `target` an Instrument or Sample, None if global."""

    generators: dict = field(default_factory=dict)
    modulators: tuple = ()
    target: object = None

    def range_of(self, generator):
        """(low, high) of the `KEYS` or `VELOCITIES`, both ends included."""
        amount = self.generators.get(generator, 127 << 8)
        return amount & 255, amount >> 8 & 255


@dataclass(eq=False)
class Instrument:
    """Samples laid out over the keyboard."""

    name: str
    zones: list


@dataclass(eq=False)
class Preset:
    """What General MIDI calls a program (bank 0), or a drum kit (bank 128)."""

    name: str
    bank: int
    program: int
    zones: list


@dataclass(eq=False)
class SoundFont:
    """`info` maps four-letter tags (b"INAM" the name, b"ICOP" the copyright ...) to bytes."""

    info: dict
    presets: list

    @property
    def samples(self):
        """Every sample that a preset reaches, each once, in order of first use."""
        zones = (zone for preset in self.presets for outer in preset.zones if outer.target for zone in outer.target.zones)
        return list(dict.fromkeys(zone.target for zone in zones if zone.target))


def read(path):
    """Read an SF2 or SF3 file.

    Raises:
        ValueError: the file is no sound font.
    """
    with open(path, "rb") as file:
        content = memoryview(file.read())
    if bytes(content[:4]) != b"RIFF" or bytes(content[8:12]) != b"sfbk":
        raise ValueError(f"{path}: not a sound font; expected a file that begins with RIFF....sfbk")
    parts = {bytes(body[:4]): dict(_chunks(body[4:])) for _, body in _chunks(content[12:])}
    rows = {name: list(struct.iter_unpack(layout, parts[b"pdta"][name])) for name, layout in TABLES.items()}
    samples = [_read_sample(row, parts[b"sdta"][b"smpl"]) for row in rows[b"shdr"][:-1]]

    def zones(bags, generators, modulators, start, end, link, targets):
        for (g0, m0), (g1, m1) in zip(bags[start:end], bags[start + 1 : end + 1]):
            amounts = dict(generators[g0:g1])
            target = targets[amounts.pop(link) & 0xFFFF] if link in amounts else None
            yield Zone(amounts, tuple(row[0] for row in modulators[m0:m1]), target)

    tables = [rows[name] for name in (b"ibag", b"igen", b"imod")]
    instruments = [
        Instrument(_name(name), list(zones(*tables, start, end, SAMPLE, samples)))
        for (name, start), (_, end) in zip(rows[b"inst"], rows[b"inst"][1:])
    ]
    tables = [rows[name] for name in (b"pbag", b"pgen", b"pmod")]
    presets = [
        Preset(_name(row[0]), row[2], row[1], list(zones(*tables, row[3], following[3], INSTRUMENT, instruments)))
        for row, following in zip(rows[b"phdr"], rows[b"phdr"][1:])
    ]
    return SoundFont({tag: bytes(value).rstrip(b"\0") for tag, value in parts[b"INFO"].items() if tag != b"ifil"}, presets)


def write_sf3(font, path):
    """Write a font with Vorbis samples.

    The same font gives the same bytes with the same libsndfile.
    """
    rows = {name: [] for name in TABLES}
    samples = font.samples
    audio = bytearray()
    for sample in samples:
        ogg = vorbis(sample.audio, sample.rate, sample.quality)
        numbers = (len(audio), len(audio) + len(ogg), *sample.loop, sample.rate, sample.root, sample.correction, 0)
        rows[b"shdr"].append((_label(sample.name), *numbers, MONO | COMPRESSED))
        audio += ogg

    def add_zones(zones, letter, link, targets):
        first = len(rows[letter + b"bag"])
        for zone in zones:
            rows[letter + b"bag"].append((len(rows[letter + b"gen"]), len(rows[letter + b"mod"])))
            # The specification wants the key range first, the velocity range second and the link last.
            rank = lambda item: (item[0] != KEYS, item[0] != VELOCITIES)  # noqa: E731
            rows[letter + b"gen"] += sorted(zone.generators.items(), key=rank)
            if zone.target is not None:
                rows[letter + b"gen"].append((link, targets.index(zone.target)))
            rows[letter + b"mod"] += [(modulator,) for modulator in zone.modulators]
        return first

    instruments = list(dict.fromkeys(zone.target for preset in font.presets for zone in preset.zones if zone.target))
    for instrument in instruments:
        first = add_zones(instrument.zones, b"i", SAMPLE, samples)
        rows[b"inst"].append((_label(instrument.name), first))
    for preset in sorted(font.presets, key=lambda preset: (preset.bank, preset.program)):
        first = add_zones(preset.zones, b"p", INSTRUMENT, instruments)
        rows[b"phdr"].append((_label(preset.name), preset.program, preset.bank, first, 0, 0, 0))
    # Each table ends in a row that only says where the last real one stops.
    rows[b"phdr"].append((b"EOP", 0, 0, len(rows[b"pbag"]), 0, 0, 0))
    rows[b"inst"].append((b"EOI", len(rows[b"ibag"])))
    rows[b"shdr"].append((b"EOS", *[0] * 9))
    for letter in (b"p", b"i"):
        rows[letter + b"bag"].append((len(rows[letter + b"gen"]), len(rows[letter + b"mod"])))
        rows[letter + b"gen"].append((0, 0))
        rows[letter + b"mod"].append((b"",))

    info = {b"ifil": struct.pack("<2H", 3, 1)} | {tag: text + b"\0" * (2 - len(text) % 2) for tag, text in font.info.items()}
    tables = {name: b"".join(struct.pack(layout, *row) for row in rows[name]) for name, layout in TABLES.items()}
    parts = ((b"INFO", info), (b"sdta", {b"smpl": bytes(audio)}), (b"pdta", tables))
    lists = [_chunk(b"LIST", name + b"".join(_chunk(*item) for item in chunks.items())) for name, chunks in parts]
    with open(path, "wb") as file:
        file.write(_chunk(b"RIFF", b"sfbk" + b"".join(lists)))


def vorbis(audio, rate, quality):
    """Compress (n_frames,) int16 to the bytes of an Ogg Vorbis file."""
    import soundfile

    buffer = io.BytesIO()
    settings = {"format": "OGG", "subtype": "VORBIS", "compression_level": 1 - quality}
    with soundfile.SoundFile(buffer, "w", rate, 1, **settings) as file:
        for start in range(0, len(audio), WRITE_CHUNK):
            file.write(audio[start : start + WRITE_CHUNK])
    return _same_serial(buffer.getvalue())


def decoded(ogg):
    """The (n_frames,) int16 samples of an Ogg Vorbis file."""
    import soundfile

    return soundfile.read(io.BytesIO(ogg), dtype="int16")[0]


def _same_serial(ogg):
    """An Ogg file whose stream has serial number 0 instead of a random one, so that the same sound gives the same bytes.

    Layout and checksum of a page: RFC 3533, section 6.
    """
    result = bytearray()
    while len(result) < len(ogg):
        start, n_segments = len(result), ogg[len(result) + 26]
        length = 27 + n_segments + sum(ogg[start + 27 : start + 27 + n_segments])
        page = bytearray(ogg[start : start + length])
        page[14:18] = page[22:26] = bytes(4)  # the checksum is taken with itself set to 0
        checksum = 0
        for byte in page:
            checksum = checksum << 8 & 0xFFFFFFFF ^ CHECKSUMS[checksum >> 24 ^ byte]
        page[22:26] = struct.pack("<I", checksum)
        result += page
    return bytes(result)


def _checksum_of(byte):
    """The contribution of one byte to Ogg's 32-bit checksum, polynomial 0x04C11DB7."""
    value = byte << 24
    for _ in range(8):
        value = value << 1 & 0xFFFFFFFF ^ (0x04C11DB7 if value >> 31 else 0)
    return value


CHECKSUMS = [_checksum_of(byte) for byte in range(256)]


def _read_sample(row, data):
    name, start, end, loop_start, loop_end, rate, root, correction, _, kind = row
    if kind & COMPRESSED:
        return Sample(_name(name), decoded(data[start:end]), (loop_start, loop_end), rate, root, correction, kind & ~COMPRESSED)
    audio = np.frombuffer(data[2 * start : 2 * end], "<i2")
    return Sample(_name(name), audio, (loop_start - start, loop_end - start), rate, root, correction, kind)


def _chunks(content):
    """The (tag, body) pairs of a RIFF list; bodies are padded to an even length."""
    place = 0
    while place + 8 <= len(content):
        tag, size = struct.unpack_from("<4sI", content, place)
        yield tag, content[place + 8 : place + 8 + size]
        place += 8 + size + size % 2


def _chunk(tag, body):
    return struct.pack("<4sI", tag, len(body)) + body + b"\0" * (len(body) % 2)


def _name(text):
    return text.split(b"\0")[0].decode("latin-1").strip()


def _label(name):
    return name.encode("latin-1", "replace")[:19]
