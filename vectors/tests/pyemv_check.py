"""Recomputes with pyemv what the software card and issuer computed.

Reads cases on stdin, one a line: an operation, its arguments, "=", the result; bytes in hex, "-" for none.
Prints each case that differs, then "checked N"; the exit status is 1 when a case differs or cannot be checked.
"""

import sys

import pyemv
from pyemv import ac, cvn, kd, mac, sm, tools

PINNED = "1.5.0"


def raw(text):
    return b"" if text == "-" else bytes.fromhex(text)


def padding(name):
    return {"visa": ac.PaddingType.VISA, "emv": ac.PaddingType.EMV}[name]


# A whole cryptogram from issuer key to bytes: pyemv's classes know which data, padding and session key each version has.
VERSIONS = {
    "visa10": cvn.VisaCVN10,
    "visa18": cvn.VisaCVN18,
    "mchip10": cvn.MasterCardCVN16,
    "mchip14": cvn.MasterCardCVN20,
}


def card(version, keys, pan, sequence):
    cryptograms, integrity, confidentiality = (raw(key) for key in keys.split(","))
    return VERSIONS[version](cryptograms, integrity, confidentiality, pan, sequence)


def cryptogram(version, keys, pan, sequence, *data):
    return card(version, keys, pan, sequence).generate_ac(*[raw(part) for part in data])


def answer_of_issuer(version, keys, pan, sequence, atc, arqc, told):
    issuer = card(version, keys, pan, sequence)
    if version in ("visa18", "mchip14"):
        return issuer.generate_arpc(raw(arqc), raw(atc), raw(told))
    return issuer.generate_arpc(raw(arqc), raw(told))


def union_pay_key(master, atc):
    inverted = tools.xor(atc, b"\xff\xff")
    return tools.encrypt_tdes_ecb(master, b"\0" * 6 + atc + b"\0" * 6 + inverted)


def master_key(style, issuer, pan, sequence):
    derive = kd.derive_icc_mk_a if style == "unionpay" else kd.derive_icc_mk_b
    return derive(raw(issuer), pan, sequence)


# Common core definition and UnionPay have no class of their own in pyemv: they are put together from its functions.
def cryptogram_of(style, issuer, pan, sequence, atc, data):
    master = master_key(style, issuer, pan, sequence)
    counter = raw(atc)
    session = union_pay_key(master, counter) if style == "unionpay" else kd.derive_common_sk(master, counter + b"\0" * 6)
    return ac.generate_ac(session, raw(data), ac.PaddingType.EMV)


def messaging_key(style, issuer, pan, sequence, atc, arqc):
    master = master_key(style, issuer, pan, sequence)
    if style == "unionpay":
        return union_pay_key(master, raw(atc))
    return kd.derive_common_sk(master, raw(arqc))


def script_of(style, issuer, pan, sequence, atc, arqc, header, data, length):
    session = messaging_key(style, issuer, pan, sequence, atc, arqc)
    return sm.generate_command_mac(session, raw(header) + raw(atc) + raw(arqc) + raw(data), int(length))


def secret_of(style, issuer, pan, sequence, atc, arqc, data):
    kind = sm.EncryptionType.VISA if style == "unionpay" else sm.EncryptionType.EMV
    return sm.encrypt_command_data(messaging_key(style, issuer, pan, sequence, atc, arqc), raw(data), kind)


def script(version, keys, pan, sequence, atc, arqc, header, data):
    return card(version, keys, pan, sequence).generate_command_mac(raw(header), raw(arqc), raw(atc), raw(data))


def pin_change(version, keys, pan, sequence, atc, arqc, pin):
    return card(version, keys, pan, sequence).generate_pin_change_command(pin, raw(arqc), raw(atc))


OPERATIONS = {
    "master-a": lambda key, pan, sequence: kd.derive_icc_mk_a(raw(key), pan, sequence),
    "master-b": lambda key, pan, sequence: kd.derive_icc_mk_b(raw(key), pan, sequence),
    "common": lambda key, diversifier: kd.derive_common_sk(raw(key), raw(diversifier)),
    "mastercard": lambda key, atc, number: kd.derive_common_sk(raw(key), raw(atc) + b"\0\0" + raw(number)),
    "visa-messaging": lambda key, atc: kd.derive_visa_sm_sk(raw(key), raw(atc)),
    "unionpay": lambda key, atc: union_pay_key(raw(key), raw(atc)),
    "mac": lambda key, kind, data: ac.generate_ac(raw(key), raw(data), padding(kind)),
    "cryptogram": cryptogram,
    "arpc-1": lambda key, arqc, code: ac.generate_arpc_1(raw(key), raw(arqc), raw(code)),
    "arpc-2": lambda key, arqc, update, more: ac.generate_arpc_2(raw(key), raw(arqc), raw(update), raw(more)),
    "arpc": answer_of_issuer,
    "cryptogram-of": cryptogram_of,
    "script": script,
    "script-of": script_of,
    "secret-of": secret_of,
    "pin-change": pin_change,
    "pin-2": sm.format_iso9564_2_pin_block,
    "pin-visa": lambda key, pin, old: sm.format_vis_pin_block(raw(key), pin, None if old == "-" else old),
}


def main():
    if pyemv.__version__ != PINNED:
        print(f"pyemv is {pyemv.__version__}, the test is written for {PINNED}")
        return 1
    checked = wrong = 0
    for line in sys.stdin:
        words = line.split()
        operation, arguments, expected = words[0], words[1:-2], words[-1]
        computed = OPERATIONS[operation](*arguments).hex()
        checked += 1
        if computed != expected:
            wrong += 1
            print(f"{line.strip()}: pyemv says {computed}")
    print(f"checked {checked}")
    return 1 if wrong or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
