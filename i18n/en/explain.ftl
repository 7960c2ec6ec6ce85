# What only the report of a recording says.

heading-would-pass = What would make it pass
heading-differences = Where this kernel would have done otherwise
heading-assumed = Assumed, since the recording does not tell
heading-weak = Weak points

attempt = Attempt { $number } of { $of }
cannot-tell = ? Cannot tell from this recording
unused = Exchanges that are no part of the transaction: { $numbers }
format = Read as { $format }: { $exchanges } exchanges.
format-skipped = Read as { $format }: { $exchanges } exchanges, { $skipped } lines not used.
skipped = line { $line }: { $reason }

## What to capture

capture-application = No payment application was selected. Capture from the answer to reset on.
capture-processing-options = The answer to GET PROCESSING OPTIONS is missing: without it nobody knows which records are signed. Capture it.
capture-record = Record { $record }, which the card names, was not read. Capture the whole transaction.
capture-first-cryptogram = The recording ends before a cryptogram was asked for: a card that was read, not a payment. Capture up to the removal of the card.
capture-final-cryptogram = The card wanted to go online, and what came after is missing. Capture up to the removal of the card, and the host's response code.
capture-host-answer = The tap ended in an online request, and what the host said is not in a recording of the card. Get its answer (response code, field 55).
capture-command = The command { $command } is missing. Capture the whole transaction.

## Where the terminal did otherwise

difference-value = Exchange { $exchange }: { $tag } was { $theirs }; this kernel would have sent { $ours }.
difference-length = Exchange { $exchange }: { $theirs } bytes were sent; the card's list asks for { $ours }.
difference-bits-left-out = Exchange { $exchange }: the terminal did not set these bits of the TVR, which this kernel sets: { $bits }.
difference-bits-of-its-own = Exchange { $exchange }: the terminal set these bits of the TVR, and what was recorded is no reason for them: { $bits }.
difference-request = Exchange { $exchange }: the terminal asked for { $theirs }; by the action codes known here it would have been { $ours }.
difference-record-taken-as-empty = Record { $record }, which the card names and nothing signs, is not in the recording: it is taken as empty.
difference-signature-asked = Exchange { $exchange }: the terminal asked for a CDA signature; this kernel would have asked without.
difference-signature-not-asked = Exchange { $exchange }: the terminal asked for no CDA signature, though the card makes them.

## What had to be assumed

assumed-date = The date: no list of the card asks for it.
assumed-country = The terminal's country is the card's own.
assumed-capabilities = What the terminal can do: no more than what it did shows, and every method where it did nothing.
assumed-terminal-type = An attended terminal of a merchant that can go online.
assumed-amount = No amount.
assumed-response-code = The host's response code: only what the card was asked next tells.
assumed-action-codes = The terminal's own action codes (TAC): none, so that the issuer's alone decide.
assumed-contact = The rules for cards with contacts: this card was read without, and what holds for contactless cards alone is not judged.
assumed-distance = The card answered relay resistance in time: the recording has no times.

## Weak points

weakness-weak-short-key = { $certificate }: its key has { $bits } bits only.
weakness-weak-patterned-key = { $certificate }: its key has the pattern of a broken key generator and can be computed (CVE-2017-15361).
weakness-weak-static-only = The card was authenticated by static data only: such data can be copied.
weakness-weak-not-authenticated = The card was not authenticated offline: only the issuer can tell a copy.
weakness-weak-decision-not-signed = The card's decision is not signed: what stands between card and terminal could change it.
weakness-weak-plaintext-pin = The PIN went to the card in the clear.
weakness-weak-pin-key-shared = The PIN is enciphered under the key the card signs with: whoever makes the card decipher could make it sign.
weakness-weak-profile-not-signed = What the card can do (82) is not among its signed data: it could be changed on the way.

## What would make a failed check pass

change-known-ca-key = { $finding }: the published CA key { $key }, which the card names. Load it. ({ $certainty })
change-other-ca-key-index = { $finding }: CA key { $key } opens the certificate; the card names another index. ({ $certainty })
change-other-ca-key-rid = { $finding }: CA key { $key }, of another scheme, opens the certificate: a co-badged or wrongly personalised card. ({ $certainty })
change-other-ca-key = { $finding }: CA key { $key } opens the certificate. ({ $certainty })
change-repaired-ca-key = { $finding }: CA key { $key } as published; the terminal's copy differs in bytes { $offsets }. Reload it. ({ $certainty })
change-unchecked-ca-key = { $finding }: CA key { $key } is the right one, though refused or withdrawn. ({ $certainty })
change-other-ca-key-exponent = { $finding }: CA key { $key } with exponent { $exponent }. ({ $certainty })
change-remainder-left-out = { $finding }: without the remainder { $tag }. ({ $certainty })
change-remainder-trimmed = { $finding }: { $length } bytes of the remainder { $tag } from byte { $start } on. ({ $certainty })
change-remainder-elsewhere = { $finding }: the remainder { $tag } as it stands under { $from }. ({ $certainty })
change-other-exponent = { $finding }: exponent { $exponent } in { $tag }. ({ $certainty })
change-aip-left-out = { $finding }: without the AIP (82) in the signed data. ({ $certainty })
change-aip-added = { $finding }: with the AIP (82) in the signed data. ({ $certainty })
change-other-aip = { $finding }: AIP { $signed } instead of { $given }: it was changed after signing. ({ $certainty })
change-record-left-out = { $finding }: without record { $record } in the signed data. ({ $certainty })
change-record-added = { $finding }: with record { $record } in the signed data. ({ $certainty })
change-other-record-order = { $finding }: the signed records in the order { $order }. ({ $certainty })
change-other-record-form = { $finding }: record { $record } signed { $whole ->
    [true] with
   *[other] without
} its template 70. ({ $certainty })
change-original-object = { $finding }: { $tag } in record { $record } with the value from the { $source }: it was changed after signing. ({ $certainty })
change-original-byte = { $finding }: byte { $place } is { $found } and was signed as { $signed }. ({ $certainty })
change-other-sequence-number-length = { $finding }: the PAN sequence number in { $length } bytes. ({ $certainty })
change-other-ddol = { $finding }: DDOL { $list }. ({ $certainty })
change-other-ddol-order = { $finding }: the DDOL values in the order { $order }. ({ $certainty })
change-other-unpredictable-number = { $finding }: unpredictable number { $value }, sent in exchange { $exchange }. ({ $certainty })
change-other-signed-format = { $finding }: signed data of format { $format } over { $input }, as contactless cards sign. ({ $certainty })
change-other-transaction-data = { $finding }: another composition of the transaction data ({ $parts }). ({ $certainty })
change-decision-as-signed = { $finding }: the decision { $signed } that was signed instead of { $given }. ({ $certainty })
change-other-date = { $finding }: a date from { $from } to { $to }. Check the terminal's clock. ({ $certainty })
change-right-list-length = { $finding }: { $expected } bytes for { $list } instead of { $sent }. ({ $certainty })

## Where a value is taken from, and how data are composed

source-track-2 = track 2 in the chip
source-card-number = card number
source-expiration-date = expiration date
source-certificate = chip certificate
source-exchange = recording
input-as-sent = the data as they were sent
input-fdda-version-00 = the data of fDDA version 00
input-fdda-version-01 = the data of fDDA version 01
parts-values = the PDOL values alone
parts-template = the PDOL values with their template
parts-nothing = no PDOL values
