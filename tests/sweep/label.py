#!/usr/bin/env python3
"""Who authenticates each byte of a recorded EMV transaction.

Reads recordings and public CA keys in JSON from standard input, writes one map per recording in JSON to standard output.
It shares nothing with the kernel: TLV, data object lists, RSA and the checks of the certificates are done again here, after
EMV 4.4 Book 2, 5 and 6, Book 3, 10.3 and the Contactless Books C-2, C-3 and C-7. A byte is labelled as authenticated only
when the signature that covers it was verified here.

A map has a line for each command (>) and response (<): the number of the event, then runs of labels:
  ISSCERT  the issuer's certificate, and what stands beside it
  ICCCERT  the card's certificate, what stands beside it, and the static data it covers
  SSAD     signed static application data, and the static data they cover
  SDAD     signed dynamic application data, and what the terminal and the card put in
  AC       the issuer alone can check it
  NONE     nobody checks it
"""

import hashlib
import itertools
import json
import sys


class Wrong(Exception):
    """Something is not as the Books want it."""


# Bytes with their places -------------------------------------------------------------------------------------------------


class Bytes:
    """Bytes and where they were seen: a list of (event, side, offset) as long as they are."""

    def __init__(self, data, places):
        self.data = data
        self.places = places

    def __getitem__(self, part):
        return Bytes(self.data[part], self.places[part])

    def __add__(self, other):
        return Bytes(self.data + other.data, self.places + other.places)

    def __len__(self):
        return len(self.data)


NOTHING = Bytes(b"", [])


def seen(event, side, data):
    return Bytes(data, [(event, side, offset) for offset in range(len(data))])


# TLV ---------------------------------------------------------------------------------------------------------------------


class Object:
    """One data object: its tag, all of it, its value."""

    def __init__(self, tag, raw, value):
        self.tag = tag
        self.raw = raw
        self.value = value

    def constructed(self):
        first = self.tag >> (8 * ((self.tag.bit_length() + 7) // 8 - 1))
        return bool(first & 0x20)


def objects(content):
    """The data objects of one level."""
    found, at, data = [], 0, content.data
    while at < len(data):
        if data[at] == 0:
            at += 1
            continue
        start = at
        tag = data[at]
        at += 1
        if tag & 0x1F == 0x1F:
            more = True
            while more:
                tag = tag << 8 | data[at]
                more = bool(data[at] & 0x80)
                at += 1
        length = data[at]
        at += 1
        if length & 0x80:
            count = length & 0x7F
            length = int.from_bytes(data[at : at + count], "big")
            at += count
        if at + length > len(data):
            raise Wrong("an object is cut")
        found.append(Object(tag, content[start : at + length], content[at : at + length]))
        at += length
    return found


def all_objects(content):
    """The data objects of all levels."""
    for item in objects(content):
        yield item
        if item.constructed():
            yield from all_objects(item.value)


def entries(dol):
    """Tags and lengths of a data object list."""
    found, at = [], 0
    while at < len(dol):
        tag = dol[at]
        at += 1
        if tag & 0x1F == 0x1F:
            more = True
            while more:
                tag = tag << 8 | dol[at]
                more = bool(dol[at] & 0x80)
                at += 1
        found.append((tag, dol[at]))
        at += 1
    return found


def split_by(dol, values):
    """The values of a list, by tag."""
    at, found = 0, {}
    for tag, length in entries(dol):
        found.setdefault(tag, values[at : at + length])
        at += length
    return found


# RSA and what is signed with it ------------------------------------------------------------------------------------------


def recover(modulus, exponent, signature):
    if len(signature) != len(modulus):
        raise Wrong("length of a signature")
    n, e, s = (int.from_bytes(part, "big") for part in (modulus, exponent, signature))
    if s >= n:
        raise Wrong("a signature not below its modulus")
    opened = pow(s, e, n).to_bytes(len(modulus), "big")
    if opened[0] != 0x6A or opened[-1] != 0xBC:
        raise Wrong("header or trailer")
    return opened


def check(opened, form, further):
    """The recovered message, once format and hash are right."""
    if opened[1] != form:
        raise Wrong("format")
    if hashlib.sha1(opened[1:-21] + further).digest() != opened[-21:-1]:
        raise Wrong("hash")


def key_of(opened, at, remainder):
    """The public key in a certificate whose algorithm indicator is at `at`."""
    if opened[at] != 1:
        raise Wrong("algorithm of a key")
    length, field = opened[at + 1], opened[at + 3 : -21]
    return field[:length] if length <= len(field) else field + remainder


# One recording -----------------------------------------------------------------------------------------------------------


class Exchange:
    def __init__(self, recorded):
        self.event = recorded["event"]
        command, response = bytes.fromhex(recorded["command"]), bytes.fromhex(recorded["response"])
        self.command = seen(self.event, ">", command)
        self.response = seen(self.event, "<", response)
        self.instruction = command[1]
        self.data = self.response[:-2]
        self.succeeded = response[-2:] == b"\x90\x00"
        has_data = len(command) > 5
        self.sent = self.command[5 : 5 + command[4]] if has_data else NOTHING


GPO, READ, INTERNAL, GENERATE, SELECT, RELAY = 0xA8, 0xB2, 0x88, 0xAE, 0xA4, 0xEA


class Recording:
    def __init__(self, recorded, keys):
        self.keys = keys
        self.kernel = recorded["kernel"]
        self.capabilities = bytes.fromhex(recorded["capabilities"])
        self.exchanges = [Exchange(exchange) for exchange in recorded["exchanges"]]
        self.labels = {}
        self.card = {}
        self.records = NOTHING
        self.rid = b""
        self.read()

    # What the card gave

    def read(self):
        self.aip, self.afl, self.pdol_values = NOTHING, NOTHING, NOTHING
        marked = []
        for exchange in self.exchanges:
            if not exchange.succeeded:
                continue
            if exchange.instruction == SELECT:
                self.rid = exchange.sent.data[:5]
                self.keep(exchange.data)
            elif exchange.instruction == GPO:
                marked = self.initiate(exchange)
            elif exchange.instruction == READ and self.afl:
                self.record(exchange, marked)

    def keep(self, content):
        for item in all_objects(content):
            if not item.constructed():
                self.card[item.tag] = item

    def initiate(self, exchange):
        self.records = NOTHING
        self.pdol_values = objects(exchange.sent)[0].value
        template = objects(exchange.data)[0]
        if template.tag == 0x80:
            self.aip, self.afl = template.value[:2], template.value[2:]
        else:
            self.keep(template.value)
            self.aip = self.card[0x82].value
            self.afl = self.card[0x94].value if 0x94 in self.card else NOTHING
        marked, afl = [], self.afl.data
        for at in range(0, len(afl), 4):
            file, first, _, count = afl[at : at + 4]
            marked += [(file >> 3, first + number) for number in range(count)]
        return marked

    def record(self, exchange, marked):
        number, file = exchange.command.data[2], exchange.command.data[3] >> 3
        template = objects(exchange.data)[0]
        if template.tag != 0x70:
            raise Wrong("a record without its template")
        self.keep(template.value)
        if (file, number) in marked:
            content = template.value if file <= 10 else exchange.data
            self.records = self.records + content
            # That it is a template of this length is a condition of its being authentic (Book 3, 10.3).
            self.frames = getattr(self, "frames", NOTHING) + exchange.data[: len(exchange.data) - len(content)]

    def value(self, tag):
        return self.card[tag].value if tag in self.card else NOTHING

    # Labels

    def label(self, content, label):
        for place in content.places:
            self.labels.setdefault(place, label)

    def label_values(self, label, *tags):
        for tag in tags:
            self.label(self.value(tag), label)

    # Certificates

    def issuer_key(self):
        index = self.value(0x8F).data
        found = [key for key in self.keys if key["rid"] == self.rid.hex() and bytes([key["index"]]) == index]
        if not found:
            raise Wrong("no CA key")
        key = found[0]
        remainder, exponent = self.value(0x92).data, self.value(0x9F32).data
        opened = recover(bytes.fromhex(key["modulus"]), bytes.fromhex(key["exponent"]), self.value(0x90).data)
        check(opened, 0x02, remainder + exponent)
        return key_of(opened, 12, remainder), exponent

    def static_data(self):
        """The records, then the AIP where the list of tags names it."""
        named = self.value(0x9F4A).data
        if named not in (b"", b"\x82"):
            raise Wrong("tag list")
        return self.records + (self.aip if named else NOTHING)

    def icc_key(self):
        issuer, exponent = self.issuer_key()
        remainder, own_exponent = self.value(0x9F48).data, self.value(0x9F47).data
        opened = recover(issuer, exponent, self.value(0x9F46).data)
        check(opened, 0x04, remainder + own_exponent + self.static_data().data)
        return key_of(opened, 18, remainder), own_exponent

    def label_static(self, label):
        self.label_values("ISSCERT", 0x90, 0x92, 0x9F32)
        self.label(self.static_data(), label)
        self.label(getattr(self, "frames", NOTHING), label)
        # Any other list than this one fails.
        self.label_values(label, 0x9F4A)

    # Methods

    def method(self):
        """What card and terminal agree on."""
        profile, able = self.aip.data[0], self.capabilities[2]
        if self.kernel == "contact":
            return "cda" if profile & 1 and able & 8 else "dda" if profile & 0x20 and able & 0x40 else (
                "sda" if profile & 0x40 and able & 0x80 else None)
        if self.kernel == "C-2":
            return "cda" if profile & 1 else None
        return "fdda" if self.signature_of_options() is not None else None

    def authenticate(self):
        method = self.method() if self.aip else None
        if method == "sda":
            self.static()
        elif method == "dda":
            self.dynamic()
        elif method == "cda":
            self.combined()
        elif method == "fdda":
            self.fast()

    def static(self):
        issuer, exponent = self.issuer_key()
        opened = recover(issuer, exponent, self.value(0x93).data)
        check(opened, 0x03, self.static_data().data)
        self.label_values("SSAD", 0x93)
        self.label_static("SSAD")

    def chain(self):
        self.label_values("ICCCERT", 0x9F46, 0x9F48, 0x9F47)
        self.label_static("ICCCERT")

    def dynamic(self):
        key, exponent = self.icc_key()
        for exchange in self.of(INTERNAL):
            template = objects(exchange.data)[0]
            signature = template.value
            if template.tag == 0x77:
                signature = [item for item in objects(template.value) if item.tag == 0x9F4B][0].value
            check(recover(key, exponent, signature.data), 0x05, exchange.sent.data)
            self.label(signature, "SDAD")
            self.label(exchange.sent, "SDAD")
            self.chain()

    def combined(self):
        key, exponent = self.icc_key()
        sent = self.pdol_values
        for number, exchange in enumerate(self.of(GENERATE)):
            sent = sent + exchange.sent
            answered = objects(objects(exchange.data)[0].value)
            signature = [item.value for item in answered if item.tag == 0x9F4B]
            if not signature or not exchange.command.data[2] & 0x10:
                continue
            opened = recover(key, exponent, signature[0].data)
            dol = self.value(0x8C if number == 0 else 0x8D).data
            check(opened, 0x05, split_by(dol, exchange.sent)[0x9F37].data)
            covered = list(itertools.chain([sent], [item.raw for item in answered if item.tag != 0x9F4B]))
            at = 5 + opened[4]
            inside = opened[at + 9 : at + 29]
            if hashlib.sha1(b"".join(part.data for part in covered)).digest() != inside:
                raise Wrong("hash of the transaction data")
            for part in covered + signature:
                self.label(part, "SDAD")
            self.relay(opened[at + 29 : 4 + opened[3]])
            self.chain()

    def relay(self, signed):
        """Kernel 2: what was exchanged to measure the distance, when the signature repeats it (C-2, 5.3)."""
        for exchange in self.of(RELAY):
            answer = objects(exchange.data)[0].value
            if signed[-14:] == exchange.sent.data + answer.data:
                self.label(exchange.sent, "SDAD")
                self.label(answer, "SDAD")

    def signature_of_options(self):
        return self.card[0x9F4B].value if 0x9F4B in self.card else None

    def fast(self):
        key, exponent = self.icc_key()
        terminal = split_by(self.value(0x9F38).data, self.pdol_values)
        related, signature = self.value(0x9F69), self.signature_of_options()
        covered = [terminal[0x9F37], terminal[0x9F02], terminal[0x5F2A], related]
        opened = recover(key, exponent, signature.data)
        check(opened, 0x05 if opened[1] == 0x05 else 0x95, b"".join(part.data for part in covered))
        for part in covered + [signature]:
            self.label(part, "SDAD")
        self.chain()

    def of(self, instruction):
        return [exchange for exchange in self.exchanges if exchange.instruction == instruction and exchange.succeeded]

    def cryptograms(self):
        """What the issuer's cryptogram is over or beside it; the terminal cannot tell."""
        for exchange in self.exchanges:
            if not exchange.succeeded or exchange.instruction not in (GPO, GENERATE, 0x2A, INTERNAL):
                continue
            template = objects(exchange.data)[0]
            if template.tag == 0x80 and exchange.instruction == GENERATE:
                self.label(template.value[1:], "AC")
            elif template.tag == 0x77:
                for item in objects(template.value):
                    if item.tag in (0x9F26, 0x9F36, 0x9F10, 0x9F60, 0x9F61):
                        self.label(item.value, "AC")

    def map(self):
        try:
            self.authenticate()
        except Wrong:
            # What cannot be verified authenticates nothing.
            self.labels = {}
        self.cryptograms()
        lines = []
        for exchange in self.exchanges:
            for content in (exchange.command, exchange.response):
                labels = [self.labels.get(place, "NONE") for place in content.places]
                runs = [f"{label}*{len(list(run))}" for label, run in itertools.groupby(labels)]
                lines.append(f"{exchange.event} {content.places[0][1]} {' '.join(runs)}\n")
        return "".join(lines)


def main():
    given = json.load(sys.stdin)
    maps = {recorded["name"]: Recording(recorded, given["keys"]).map() for recorded in given["recordings"]}
    json.dump(maps, sys.stdout)


main()
