"""Opens Dualkey's sealed data from docs/formats/block.md and media.md alone: an implementation that shares no code with the product.

    python decrypt_block.py VECTOR.json…

Needs the package `cryptography`. Prints one JSON line for each file and exits 0, or says what differs and exits 1.
Decompression (zstd) is in Python's own library from 3.14 on; before that the compressed bytes are printed, for the
caller to decompress, and what depends on the plaintext is checked against the vector's.
"""

import base64
import hashlib
import hmac
import json
import struct
import sys

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

try:
    from compression import zstd
except ImportError:
    zstd = None


class Refused(Exception):
    pass


def need(condition, what):
    if not condition:
        raise Refused(what)


def parts(*items):
    joined = b""
    for item in items:
        data = item.encode() if isinstance(item, str) else item
        joined += struct.pack(">I", len(data)) + data
    return joined


def hkdf(key, salt, info, length):
    return HKDF(algorithm=hashes.SHA512(), length=length, salt=salt, info=info).derive(key)


def keyed(key, *items):
    return hmac.new(key, parts(*items), hashlib.sha256).digest()


def padme(length):
    if length < 2:
        return length
    exponent = length.bit_length() - 1
    kept = exponent.bit_length()
    step = 1 << (exponent - kept) if exponent > kept else 1
    return -(-length // step) * step


def unpad(padded, floor=0):
    need(len(padded) >= 4, "padding: cut short")
    (length,) = struct.unpack(">I", padded[:4])
    end = 4 + length
    need(len(padded) == max(floor, padme(end)), "padding: size")
    need(not any(padded[end:]), "padding: not zero")
    return padded[4:end]


class Header:
    def __init__(self, magic, sealed, versions=(1,)):
        need(sealed[:4] == magic, "magic")
        need(sealed[4] in versions and sealed[5] == 1, "version or suite")
        self.version = sealed[4]
        (length,) = struct.unpack(">H", sealed[6:8])
        self.bytes = sealed[: 8 + length]
        need(len(self.bytes) == 8 + length, "header: cut short")
        self.at = 8

    def take(self, count):
        taken = self.bytes[self.at : self.at + count]
        need(len(taken) == count, "header: cut short")
        self.at += count
        return taken

    def text(self):
        return self.take(self.take(1)[0]).decode()

    def id(self, prefix):
        length = self.take(1)[0]
        return prefix + self.take(16).hex() if length == 0 else self.take(length).decode()

    def u32(self):
        return struct.unpack(">I", self.take(4))[0]

    def u64(self):
        return struct.unpack(">Q", self.take(8))[0]

    def end(self):
        need(self.at == len(self.bytes), "header: too long")


def open_suite_1(key, header, sealed, beside=b""):
    at = len(header)
    header = header + beside
    salt, commitment = sealed[at : at + 32], sealed[at + 32 : at + 64]
    need(len(sealed) >= at + 64 + 16, "object: cut short")
    derived = hkdf(key, salt, header, 76)
    need(hmac.compare_digest(derived[32:64], commitment), "commitment")
    return AESGCM(derived[:32]).decrypt(derived[64:], sealed[at + 64 :], header)


def decompressed(compressed, length, dictionary=None):
    if zstd is None:
        return None
    raw = None if dictionary is None else zstd.ZstdDict(dictionary, is_raw=True)
    plaintext = zstd.decompress(compressed, zstd_dict=raw)
    need(len(plaintext) == length, "plaintext: length")
    return plaintext


def unwrap(key, wrapped, associated):
    return AESGCM(key).decrypt(wrapped[:12], wrapped[12:], associated)


def open_block(vector):
    place, expected = vector["place"], vector["expected"]
    guest_key = unwrap(
        bytes.fromhex(vector["periodKey"]),
        bytes.fromhex(vector["wrappedGuestKey"]),
        parts(
            "dualkey/guest-key/1",
            place["hotel"],
            place["recordClass"],
            vector["period"],
            vector["guestId"],
            place["keyId"],
            str(place["keyVersion"]),
        ),
    )
    need(guest_key.hex() == expected["guestKey"], "guest key")
    sealed, index = bytes.fromhex(vector["sealed"]), bytes.fromhex(vector["index"])
    header = Header(b"DKB1", sealed, versions=(1, 2, 3))
    need(header.version == vector.get("version", 1), "version")
    # From version 2 on, blocks are compressed with the dictionary that the format document names by its digest.
    dictionary = bytes.fromhex(vector["dictionary"]) if header.version > 1 else None
    ids = {"keyId": "gk_", "conversationId": "cnv_", "blockId": "blk_"} if header.version == 3 else {}
    for field in ("keyId", "keyVersion", "hotel", "conversationId", "blockId", "recordClass"):
        if field == "keyVersion":
            there = header.u32()
        else:
            there = header.id(ids[field]) if field in ids else header.text()
        need(there == place[field], field)
    length = header.u32()
    digest = hashlib.sha256(index).digest()
    need(header.version == 3 or header.take(32) == digest, "index")
    header.end()
    packed = open_suite_1(guest_key, header.bytes, sealed, digest if header.version == 3 else b"")
    need(packed.hex() == expected["packed"], "packed content")
    content, as_it_is = unpad(packed), b""
    if header.version == 3:
        as_it_is = content[: 4 + struct.unpack(">I", content[:4])[0]]
    compressed = content[len(as_it_is) :]
    rest = decompressed(compressed, length - len(as_it_is), dictionary)
    plaintext = bytes.fromhex(expected["plaintext"]) if rest is None else as_it_is + rest
    need(plaintext.startswith(as_it_is), "what isn't compressed")
    need(hashlib.sha256(plaintext).hexdigest() == expected["plaintextSha256"], "plaintext")
    need(len(plaintext) == length, "plaintext: length")
    if header.version == 3:
        times = [int.from_bytes(index[at + 16 : at + 24], "big") for at in range(0, len(index), 57)]
        records = records_in_columns(plaintext, times)
    else:
        records = records_in_rows(plaintext)
    check_records(guest_key, records, index, expected["records"], header.version)
    return {
        "length": length,
        "asItIs": as_it_is.hex(),
        "compressed": compressed.hex(),
        "records": len(expected["records"]),
    }


def records_in_rows(plaintext):
    at, parts_read = 0, []
    while at < len(plaintext):
        (length,) = struct.unpack(">I", plaintext[at : at + 4])
        parts_read.append(plaintext[at + 4 : at + 4 + length])
        at += 4 + length
    need(at == len(plaintext), "records: cut short")
    return list(zip(parts_read[::2], parts_read[1::2]))


class Bytes:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        taken = self.data[self.at : self.at + count]
        need(len(taken) == count, "columns: cut short")
        self.at += count
        return taken

    def number(self):
        value, shift = 0, 0
        while True:
            (byte,) = self.take(1)
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def until(self, mark):
        return self.take(self.data.index(mark, self.at) - self.at + 1)[:-1]


END, NORMALISED, TEXT, NUMBER, AGAIN, LONG, BYTES = range(0xFF, 0xF8, -1)


def gaps_of(shape):
    at, gaps = 0, []
    while at < len(shape):
        if shape[at] in (TEXT, NUMBER, LONG, BYTES):
            gaps.append(shape[at])
        at += 2 if shape[at] == AGAIN else 1
    return gaps


def records_in_columns(plaintext, times):
    (length,) = struct.unpack(">I", plaintext[:4])
    random, rest = Bytes(plaintext[4 : 4 + length]), Bytes(plaintext[4 + length :])
    shapes = [rest.until(bytes([END])) for _ in range(rest.number())]
    order = [rest.number() if len(shapes) > 1 else 0 for _ in times]
    columns = {}
    for number, shape in enumerate(shapes):
        own = [time for time, of in zip(times, order) if of == number]
        for gap, kind in enumerate(gaps_of(shape)):
            if kind == NUMBER:
                columns[number, gap] = numbers_of(own, random, rest)
            elif kind == LONG:
                columns[number, gap] = [b"%d" % int.from_bytes(random.take(8), "big") for _ in own]
            elif kind == BYTES:
                columns[number, gap] = [random.take(int.from_bytes(random.take(4), "big")) for _ in own]
    for number, shape in enumerate(shapes):
        for gap, kind in enumerate(gaps_of(shape)):
            if kind == TEXT:
                columns[number, gap] = [rest.until(bytes([END])) for of in order if of == number]
    need(random.at == len(random.data) and rest.at == len(rest.data), "columns: more than the index has")
    places = [0] * len(shapes)
    records = []
    for number in order:
        values = [columns[number, gap][places[number]] for gap in range(len(gaps_of(shapes[number])))]
        places[number] += 1
        records.append(spelled_out(shapes[number], values))
    return records


def numbers_of(times, random, rest):
    way, column = rest.number(), []
    need(way <= 3, "numbers: way")
    for time in times:
        if way == 3:
            column.append(int.from_bytes(random.take(7), "big"))
            continue
        said = rest.number()
        near = ((column or [0])[-1], time, time // 1000)[way]
        column.append(near + (said // 2 if said % 2 == 0 else -(said + 1) // 2))
    return [b"%d" % value for value in column]


def spelled_out(shape, values):
    original, spelled, at, gap = None, b"", 0, 0
    while at < len(shape):
        byte = shape[at]
        at += 1
        if byte == NORMALISED:
            original, spelled = spelled, b""
        elif byte == AGAIN:
            spelled += values[shape[at]]
            at += 1
        elif byte in (TEXT, NUMBER, LONG, BYTES):
            spelled += values[gap]
            gap += 1
        else:
            need(byte < 0xF8, "shape: mark")
            spelled += bytes([byte])
    need(original is not None, "shape: half a record")
    return original, spelled


def check_records(guest_key, records, index, expected, version):
    salt_key = hkdf(guest_key, b"", b"dualkey/record-salt/1", 32)
    entry_at = 0
    need(len(records) == len(expected), "records: as many as expected")
    for record, (original, spelled) in zip(expected, records):
        normalised = json.loads(spelled)
        entry = index[entry_at : entry_at + 57]
        entry_at += 57
        record_id = entry[:16]
        salt = hmac.new(salt_key, record_id, hashlib.sha256).digest()
        need(record_id.hex() == record["recordId"], "record id")
        # From version 2 on what the index says is left to it.
        need(("recordId" in normalised) == (version == 1), "normalised record")
        need(normalised.get("recordId", record["recordId"]) == record["recordId"], "normalised record id")
        need(normalised["text"] == record.get("text", normalised["text"]), "text")
        need(record.get("original", original.decode()) == original.decode(), "original")
        need(salt.hex() == record["salt"], "record salt")
        need(hashlib.sha256(salt + original).digest() == entry[25:] == bytes.fromhex(record["commitment"]), "commitment")
    need(entry_at == len(index), "records: fewer than the index has")


def open_keyed(vector):
    index_key = bytes.fromhex(vector["indexKey"])
    for one in vector["blindIndexes"]:
        index = keyed(index_key, "dualkey/blind-index", "1", one["kind"], one["scope"], one["normalised"])
        need(index.hex() == one["index"], "blind index of " + one["kind"])
    staff = vector["staff"]
    need(keyed(index_key, "dualkey/blind-index", "1", "staff", "", staff["account"]).hex() == staff["index"], "staff")
    for one in vector["recordIds"]:
        message = keyed(index_key, "dualkey/message/1", *one["identity"])[:8]
        version = keyed(index_key, "dualkey/record-id/2", *one["identity"], one["at"], one["content"])[:8]
        need(message.hex() == one["message"], "message")
        record_id = message + version
        need(record_id.hex() == one["id"], "record id")

    text = vector["sealedText"]
    evidence_key = bytes.fromhex(text["evidenceKey"])
    place = (text["requestId"], text["field"])
    opened = unpad(
        unwrap(evidence_key, base64.b64decode(text["sealed"]), parts("dualkey/sealed-text/1", *place)), floor=64
    )
    need(opened.decode() == text["text"], "sealed text")
    salt = hkdf(evidence_key, b"", parts("dualkey/text-salt/1", *place), 32)
    need(hashlib.sha256(salt + opened).hexdigest() == text["commitment"], "text commitment")

    staged = vector["staged"]
    sealed = bytes.fromhex(staged["sealed"])
    header = Header(b"DKS1", sealed)
    need(header.text() == staged["requestId"], "request")
    length = header.u32()
    header.end()
    compressed = unpad(open_suite_1(bytes.fromhex(staged["grantKey"]), header.bytes, sealed))
    plaintext = decompressed(compressed, length)
    need(plaintext is None or plaintext.hex() == staged["plaintext"], "staged plaintext")
    return {"length": length, "compressed": compressed.hex()}


def open_frames(key, header, sealed, length, frame_bytes):
    at = len(header)
    derived = hkdf(key, sealed[at : at + 32], header, 76)
    need(hmac.compare_digest(derived[32:64], sealed[at + 32 : at + 64]), "commitment")
    at += 64
    count = max(1, -(-length // frame_bytes))
    plaintext = b""
    for number in range(count):
        size = min(frame_bytes, length - number * frame_bytes)
        frame = sealed[at : at + size + 16]
        need(len(frame) == size + 16, "frame: cut short")
        at += len(frame)
        (tail,) = struct.unpack(">I", derived[72:])
        nonce = derived[64:72] + struct.pack(">I", tail ^ number)
        last = b"\x01" if number == count - 1 else b"\x00"
        plaintext += AESGCM(derived[:32]).decrypt(nonce, frame, header + struct.pack(">I", number) + last)
    need(at == len(sealed), "something follows the last frame")
    need(len(plaintext) == length, "plaintext: length")
    return plaintext


def open_medium(vector):
    place = vector["place"]
    sealed = bytes.fromhex(vector["sealed"])
    header = Header(b"DKM1", sealed)
    need(header.text() == place["keyId"], "guest-key id")
    need(header.u32() == place["keyVersion"], "guest-key version")
    for field in ("hotel", "conversationId", "mediaId", "recordClass"):
        need(header.text() == place[field], field)
    framing = (header.u64(), header.u32())
    header.end()
    plaintext = open_frames(bytes.fromhex(vector["guestKey"]), header.bytes, sealed, *framing)

    staged = vector["staged"]
    sealed = bytes.fromhex(staged["sealed"])
    header = Header(b"DKN1", sealed)
    need(header.text() == staged["place"]["requestId"], "request")
    need(header.text() == staged["place"]["name"], "name")
    framing = (header.u64(), header.u32())
    header.end()
    need(open_frames(bytes.fromhex(staged["grantKey"]), header.bytes, sealed, *framing) == plaintext, "staged medium")
    need(plaintext.hex() == vector["expected"]["plaintext"], "medium")

    salt_key = hkdf(bytes.fromhex(vector["guestKey"]), b"", b"dualkey/medium-salt/1", 32)
    salt = hmac.new(salt_key, bytes.fromhex(vector["recordId"]), hashlib.sha256).digest()
    need(salt.hex() == vector["expected"]["salt"], "salt of a record's media")
    commitment = hashlib.sha256(salt + hashlib.sha256(plaintext).digest()).hexdigest()
    need(f"present:{commitment}" == vector["expected"]["mark"], "commitment of a medium")
    return {"length": len(plaintext), "plaintext": plaintext.hex()}


OPENERS = {"DKB1": open_block, "DKM1": open_medium}


def main(files):
    for file in files:
        with open(file, encoding="utf-8") as opened:
            vector = json.load(opened)
        try:
            result = OPENERS.get(vector.get("format"), open_keyed)(vector)
        except Exception as error:
            print(f"{file}: {type(error).__name__}: {error}", file=sys.stderr)
            return 1
        print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
