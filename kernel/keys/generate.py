#!/usr/bin/env python3
"""Writes the key sets beside this file from a list of published CA public keys.

    python3 kernel/keys/generate.py ca-keys.json

The list has, per key: rid, index, modulus, exponent (every exponent it was published with), expiry (every date it was
published with, in many notations) and sha1_published (every checksum it was published with).

A key goes into
  ca-keys.toml              when its payment system is known to sign cards people pay with under this index,
  ca-keys-test.toml         when it is known to sign test cards,
  ca-keys-unconfirmed.toml  when neither is known, or it was published without a checksum;
and nowhere when no published checksum is that of the key, its exponent is neither 3 nor 65537, or its modulus is even.
"""

import hashlib
import json
import pathlib
import re
import sys

SCHEMES = {
    "A000000003": "Visa",
    "A000000004": "Mastercard",
    "A000000010": "Europay",
    "A000000025": "American Express",
    "A000000029": "LINK",
    "A000000042": "CB",
    "A000000065": "JCB",
    "A000000141": "PagoBancomat",
    "A000000152": "Discover and Diners Club",
    "A000000228": "mada",
    "A000000277": "Interac",
    "A000000333": "UnionPay",
    "A000000384": "eftpos Australia",
    "A000000524": "RuPay",
}

# Payment systems that do not exist outside laboratories.
INVENTED = {"501649FF20", "A123456789", "AFFFFFFFFF", "B012345678", "D360000001", "F105000003", "F123456789"}

# Indexes of production keys, with the first digits of the modulus where another key has the same index.
LIVE = {
    "A000000003": "01 03 05 06 07 08 09",
    "A000000004": "00:9E15 01:D201 02:CF42 03 04 05:B804 06:CB26",
    "A000000010": "00",
    "A000000025": "01 02 03 0E 0F 10",
    "A000000065": "09 10:99B6 12 14",
    "A000000152": "01:8D17 03:BF32 04:8EEE 05",
    "A000000333": "01 02 03 04",
}

# Payment systems whose other keys are all for tests. JCB's 0A, 0C and 0E are copies of 10, 12 and 14 whose decimal index
# was taken for a hexadecimal one.
OTHERS_ARE_TESTS = {
    "A000000003", "A000000004", "A000000010", "A000000025", "A000000065", "A000000152", "A000000333",
    "A000000524",  # 6A to 6D, which follow the test keys 5A to 5D of Discover
}
MISTAKEN = {("A000000065", "0A"), ("A000000065", "0C"), ("A000000065", "0E")}

# The lifetimes of RSA keys as EMVCo last set them, by bits; 1984 bits where the payment system has published a date.
LIFETIME = {768: 2009, 896: 2009, 1024: 2009, 1152: 2017, 1408: 2024}
LIFETIME_HOLDS_FOR = {
    "A000000003", "A000000004", "A000000010", "A000000025", "A000000029", "A000000065", "A000000152",
}
LIFETIME_1984 = {"A000000003": 2033, "A000000004": 2033, "A000000025": 2033, "A000000152": 2030}


def checksum(key, exponent):
    data = key["rid"] + key["index"] + key["modulus"] + exponent
    return hashlib.sha1(bytes.fromhex(data)).hexdigest().upper()


def exponents(key):
    """The exponents this kernel can use, with whether a published checksum confirms each."""
    if int(key["modulus"], 16) % 2 == 0:
        return []
    usable = [exponent for exponent in key["exponent"] if exponent in ("03", "010001")]
    published = set(key["sha1_published"])
    if not published:
        return [(exponent, False) for exponent in usable]
    return [(exponent, True) for exponent in usable if checksum(key, exponent) in published]


def is_live(key):
    for entry in LIVE.get(key["rid"], "").split():
        index, _, start = entry.partition(":")
        if key["index"] == index and key["modulus"].startswith(start):
            return True
    return False


def kind(key, live, test):
    if (key["rid"], key["index"]) in MISTAKEN:
        return "unconfirmed"
    if is_live(key):
        return "live"
    if key["rid"] in INVENTED or key["rid"] in OTHERS_ARE_TESTS:
        return "test"
    # The same key under another RID: cards of several payment systems share it.
    if key["modulus"] in live:
        return "live"
    return "test" if key["modulus"] in test else "unconfirmed"


def published_expiry(key):
    """The latest plausible published day: keys end on a 31 December, and far years stand for "never"."""
    years = set()
    for text in key["expiry"]:
        if match := re.fullmatch(r"(20[0-3]\d|\d\d)1231", text):
            years.add(int(match[1][-2:]) + 2000)
    return max((year for year in years if year < 2040), default=None)


def expiry(key, kind):
    bits = len(key["modulus"]) * 4
    if kind == "test":
        return None
    if bits == 1984:
        return LIFETIME_1984.get(key["rid"])
    holds = kind == "live" and key["rid"] in LIFETIME_HOLDS_FOR
    return LIFETIME.get(bits) if holds else published_expiry(key)


def entry(key, exponent, confirmed, kind):
    bits = len(key["modulus"]) * 4
    lines = ["[[key]]"]
    lines[0:0] = [f"# {SCHEMES[key['rid']]}, {bits} bits"] if key["rid"] in SCHEMES else [f"# {bits} bits"]
    if not confirmed:
        lines[0] += "; published without a checksum, this one is computed"
    lines += [f'rid = "{key["rid"]}"', f'index = "{key["index"]}"', f'exponent = "{exponent}"']
    if year := expiry(key, kind):
        lines.append(f"expiry = {year}-12-31")
    lines.append(f'checksum = "{checksum(key, exponent)}"')
    rows = [key["modulus"][i : i + 96] for i in range(0, len(key["modulus"]), 96)]
    lines += ['modulus = """', *rows, '"""', ""]
    return "\n".join(lines)


HEADERS = {
    "live": ("ca-keys.toml", "live", "CA public keys that sign cards people pay with."),
    "test": (
        "ca-keys-test.toml",
        "test",
        "CA public keys that sign TEST CARDS. The private parts of some are known to anybody: a terminal that takes money\n"
        "# must not load this file.",
    ),
    "unconfirmed": (
        "ca-keys-unconfirmed.toml",
        "test",
        "CA public keys of which it is not known whether they sign test cards, or which were published without a checksum.\n"
        "# They are for explaining recordings; a terminal that takes money must not load this file.",
    ),
}


def main():
    keys = json.load(open(sys.argv[1], encoding="utf-8"))
    live = {key["modulus"] for key in keys if is_live(key)}
    test = {key["modulus"] for key in keys if key["rid"] in INVENTED | OTHERS_ARE_TESTS and not is_live(key)}
    sets = {name: [] for name in HEADERS}
    for key in keys:
        for exponent, confirmed in exponents(key):
            of = kind(key, live, test)
            where = of if confirmed or key["rid"] in INVENTED else "unconfirmed"
            sets[where].append(entry(key, exponent, confirmed, of))
    for name, (file, written, title) in HEADERS.items():
        text = f'# {title}\n#\n# Written by generate.py; the format is described in src/oda/key_file.rs.\n\nkind = "{written}"\n\n'
        pathlib.Path(__file__).with_name(file).write_text(text + "\n".join(sets[name]), encoding="utf-8")
        print(f"{file}: {len(sets[name])} keys")


if __name__ == "__main__":
    main()
