# What is said about a magnetic stripe.

outcome-refuse = Refuse this stripe
outcome-heed = Nothing forbids this stripe; heed what it asks for
outcome-accept = Nothing against this stripe

heading-track = The track

## Labels in front of a line

label-digit-1 = Service code
label-digit-2 = second digit
label-digit-3 = third digit
label-check-character = Check (LRC)
label-check-digit = Check digit
label-length = Length

length = { $length } characters, of which the issuer adds { $issuers }

## What was seen

seen-fault = { $what }: character { $position }
seen-check = check character { $given } on the stripe, { $computed } computed from what was read
seen-check-digit = the last digit of { $number } is not the check digit of the others
seen-differ = { $what }: { $own } on the stripe, { $other } from { $whose }
seen-digit = digit { $place } of the service code is { $digit }: { $meaning }
seen-chip-answered = service code { $code } knows of no chip, but a chip answered before it failed: { $reason }
seen-closed-region = mainland China accepts no stripe of a chip card
seen-unattended = nobody attends the terminal
seen-technical = the chip failed technically: { $reason }
seen-not-technical = this is no technical failure of the chip: { $reason }
seen-scheme-permits = the terminal does not know the card's application: only where the scheme permits
seen-region-unknown = mainland China would refuse it; say where the terminal is with --country
seen-expired = expired on { $expires }, today is { $date }
seen-same-as-chip = the { $count } digits of the issuer are those of the chip

## Faults of a track

word-fault-empty = no track 2
word-fault-read-error = the reader reports an error
word-fault-no-start = start sentinel missing
word-fault-no-end = end sentinel missing
word-fault-after-end = no check character after the end sentinel
word-fault-too-long = more than 37 characters
word-fault-no-separator = no separator after the card number
word-fault-number-length = card number shorter than 8 or longer than 19 digits
word-fault-not-a-digit = something that is no digit
word-fault-cut = cut within expiry or service code
word-fault-month = no such month

## What differs, and from what

word-card-number = card number
word-expiry = expiry (YYMM)
word-service-code = service code
word-chip = the chip
word-track-1 = track 1

## Checks

word-fits = fits
word-does-not-fit = does not fit
word-not-given = not given by the reader

## Digits of the service code

word-international-stripe = international
word-international-chip = international, with a chip that has to be used
word-national-stripe = national
word-national-chip = national, with a chip that has to be used
word-private = private, only by agreement
word-test = test card
word-first-unassigned = not assigned
word-authorised-normally = authorised by the usual rules
word-authorised-by-issuer = authorised by the issuer, online
word-authorised-by-issuer-unless-agreed = authorised by the issuer, online, unless agreed otherwise
word-second-unassigned = not assigned
word-unrestricted-pin = no restriction, PIN required
word-unrestricted = no restriction
word-goods-and-services = goods and services only
word-atm-pin = ATM only, PIN required
word-cash = cash only
word-goods-and-services-pin = goods and services only, PIN required
word-unrestricted-pin-prompt = no restriction, PIN where there is a PIN pad
word-goods-and-services-pin-prompt = goods and services only, PIN where there is a PIN pad
word-third-unassigned = not assigned
