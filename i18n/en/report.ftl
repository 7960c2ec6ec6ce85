# The words of the report.

## Headings

heading-why = Why
heading-also = Also noticed
heading-timeline = Step by step
heading-verification = Cardholder verification
heading-codes = Terminal action analysis
heading-chain = Certificates
heading-issuer-data = Issuer application data
heading-scripts = Issuer scripts

## Labels in front of a line

label-fault = Fault
label-seen = Seen
label-rule = Rule
label-followed = Followed
label-do = Do now
label-engineer = Engineer
label-suspect = Or else
label-ruled-out = Ruled out

## The outcome

advice-signature = The customer has to sign.
advice-reversal = A reversal has to be sent.
advice-advice = The card asks for an advice to be sent.
offline = offline
online = online
response-code = response code { $code }
approved-plainly = Nothing stood in the way.
unexplained = Nothing that was seen explains this. Capture the transaction again, with every command and response, up to the removal of the card.

## Evidence

comma = { ", " }
semicolon = { "; " }
fault = { $whose } ({ $certainty })
evidence = { $fact }: { $seen }
evidence-at = { $fact }: { $seen } ({ $place })

compared = { $expected } expected, { $found } found
missing = { $expected } expected, not there
bytes = { $count } bytes
nothing = none
missing-anything = not there
hidden = { $count } bytes, not shown
at-exchange = exchange { $number }
at-byte = byte { $number }
at-record = record { $number }

## What followed

followed-bit = TVR { $bit }: { $name }
followed-codes-both = { $iac } and { $tac } both decline for that
followed-codes-iac = { $iac } declines for that
followed-codes-tac = { $tac } declines for that

followed-asked = the terminal asked for { $asked }
followed-given = the card gave { $given }
followed-terminal-code = response code { $code }: { $meaning }

## Steps

no-answer = no answer
profile = the card supports: { $list }
profile-empty = the card supports none of what its profile (82) lists
cryptogram-at-once = Cryptogram, in the answer to GET PROCESSING OPTIONS
answered-code = the host answered { $code }
no-host-answer = no answer from the host
analysed = asks for { $request }

## Tables

codes-tvr = TVR { $bits }
codes-none = No bit is set.
codes-legend = T terminal's code, I issuer's code
issuer-data-of = With cryptogram { $number }
issuer-data-same = the same bytes
issuer-data-unknown = The layout is not publicly known.
chain-passed = { $count } checks passed
chain-passed-one = one check passed
chain-failed = failed: { $fact }
chain-key = { $bits } bits
chain-expiry = until { $date }
rule = { ", " }{ $condition } → { $result }
ended = { $how }: { $reason }
cvm-final = results { $bytes }
script-not-performed = not performed
script-failed = command { $number } failed
script-successful = all commands accepted
script-without-id = without identifier
ruled-out-restrictions = version, usage and dates
ruled-out-cardholder-verification = cardholder verification
ruled-out-issuer-authentication = issuer authentication
ruled-out-network = network
