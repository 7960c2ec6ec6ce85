# What the words of a merchant or a terminal are held against.

said-heading = What was said
said-unknown = No known message fits these words. Ask for the code on the screen or on the slip.

## Labels in front of a line

said-side = Seen with
said-agrees = Found
said-differs = Not said
said-open = Open
said-capture = Capture
said-ruled-out = Ruled out
said-or = Or else

## Ways to read a card

side-chip = chip
side-stripe = magnetic stripe
side-contactless = contactless

## Candidates

candidate = { $title } ({ $id })
ruled-out = { $title }: { $objection }
objection-went-on = the transaction went on to “{ $by }”
objection-had-ended = the transaction had ended with “{ $by }” before
objection-other-code = the host said “{ $by }”
objection-checked = was checked and is right: { $by }

## What could show the open ones

capture-trace = Record every command and response of the chip, from the reset to the removal of the card.
capture-host = Get the host's answer (response code, field 55) and its log entry for this transaction.
capture-terminal-state = Look into the terminal: settings, keys, sign-on, log and network at the time of the failure.
capture-stripe = Swipe the card into a stripe reader and give its track 2 to emvident stripe.
capture-nothing = No recording can show this: ask the issuer about the card, or the acquirer about the merchant.
