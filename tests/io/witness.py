"""A JSON checkpoint written from FORMAT.md alone, by another hand and in another language."""
import json
import struct
import zlib

CODES = {"float32": "f", "float64": "d", "int64": "q", "int32": "i", "uint8": "B", "bool": "?"}


def crc(text, data=b""):
    return zlib.crc32(data, zlib.crc32(text.encode()))


def entry(section, name, kind, dtype, shape, data):
    sizes = ",".join(map(str, shape))
    packed = struct.pack(f"<{len(data)}{CODES[dtype]}", *data)
    checksum = crc(f"{section}\n{name}\n{kind}\n{dtype}\n{sizes}\n\n", packed)
    return {"kind": kind, "dtype": dtype, "shape": shape, "data": data, "crc32": checksum}


def tie(section, name, kind, alias_of):
    return {"kind": kind, "alias_of": alias_of, "crc32": crc(f"{section}\n{name}\n{kind}\n\n\n{alias_of}\n")}


def checkpoint(sections, metadata):
    """The text of sections {section: {name: arguments of entry() or tie() after the names}}."""
    file = {"format": "xgrad.checkpoint", "version": 1, "metadata": metadata, "sections": {}}
    text = "xgrad.checkpoint\n1\n"
    for section, entries in sections.items():
        text += f"section {section}\n"
        made = file["sections"][section] = {}
        for name, arguments in entries.items():
            make = tie if len(arguments) == 2 else entry
            made[name] = make(section, name, *arguments)
            text += f"{made[name]['crc32']}\n"
    text += json.dumps(metadata, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    file["crc32"] = crc(text)
    return json.dumps(file)
