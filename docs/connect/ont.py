"""An ONT as small as it can be: OMCI over stdin and stdout. poncast conform ont 'exec:python3 ont.py'"""
import os

END, ESC, ESC_END, ESC_ESC = 0xC0, 0xDB, 0xDC, 0xDD
GET = 9

# Managed entities by class and instance: the values of their attributes, in order.
# Software image: version, committed, active, valid, product code. ONU2-G: equipment id, OMCC version.
flags = [b"\1", b"\1", b"\1"], [b"\0", b"\0", b"\0"]
ENTITIES = {
    (7, 0): [b"PLAIN-1.0.0".ljust(14, b"\0"), *flags[0], b"PLAIN".ljust(25, b"\0")],
    (7, 1): [b"".ljust(14, b"\0"), *flags[1], b"PLAIN".ljust(25, b"\0")],
    (257, 0): [b"PLAIN".ljust(20, b"\0"), b"\xa0"],
}


def crc32(data):  # I.363.5: from the most significant bit, begun with ones, complemented
    crc = 0xFFFFFFFF
    for octet in data:
        crc ^= octet << 24
        for _ in range(8):
            crc = (crc << 1 ^ (0x04C11DB7 if crc >> 31 else 0)) & 0xFFFFFFFF
    return (crc ^ 0xFFFFFFFF).to_bytes(4, "big")


def get(entity, mask):  # result, attribute mask, 25 bytes of values, masks of what is not there and of what did not fit
    values, had, absent, failed = b"", 0, 0, 0
    for bit in (0x8000 >> n for n in range(16) if mask & 0x8000 >> n):
        value = entity[16 - bit.bit_length()] if 16 - bit.bit_length() < len(entity) else None
        if value is None:
            absent |= bit
        elif len(values) + len(value) > 25:
            failed |= bit
        else:
            values, had = values + value, had | bit
    masks = absent.to_bytes(2, "big") + failed.to_bytes(2, "big")
    return bytes([9 if absent | failed else 0]) + had.to_bytes(2, "big") + values.ljust(25, b"\0") + masks


def answer(frame):  # baseline, whole, and asks for an answer; anything else is passed over
    if len(frame) != 48 or frame[3] != 0x0A or not frame[2] & 0x40 or crc32(frame[:44]) != frame[44:]:
        return None
    class_id, instance = int.from_bytes(frame[4:6], "big"), int.from_bytes(frame[6:8], "big")
    if frame[2] & 0x1F != GET:
        contents = b"\2"  # command not supported
    elif (class_id, instance) in ENTITIES:
        contents = get(ENTITIES[class_id, instance], int.from_bytes(frame[8:10], "big"))
    else:
        contents = b"\5" if (class_id, 0) in ENTITIES else b"\4"  # unknown instance, unknown entity
    pdu = frame[:2] + bytes([0x20 | frame[2] & 0x1F]) + frame[3:8] + contents.ljust(32, b"\0") + b"\0\0\0\x28"
    return pdu + crc32(pdu)


waiting = b""
while octets := os.read(0, 4096):
    *frames, waiting = (waiting + octets).split(bytes([END]))
    for frame in frames:  # SLIP (RFC 1055): what is between two ENDs
        reply = answer(frame.replace(bytes([ESC, ESC_END]), bytes([END])).replace(bytes([ESC, ESC_ESC]), bytes([ESC])))
        if reply:
            slip = reply.replace(bytes([ESC]), bytes([ESC, ESC_ESC])).replace(bytes([END]), bytes([ESC, ESC_END]))
            os.write(1, bytes([END]) + slip + bytes([END]))
