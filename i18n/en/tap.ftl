# What a contactless reader shows, and what a report says of a tap.

## Messages

message-approved = Approved
message-not-authorised = Not authorised
message-enter-pin = Please enter your PIN
message-processing-error = Processing error
message-remove-card = Please remove the card
message-welcome = Welcome
message-present-card = Present your card
message-processing = Processing
message-card-read-ok = Card read, please remove it
message-insert-or-swipe = Please insert or swipe the card
message-present-one-card = Present one card only
message-approved-please-sign = Approved, please sign
message-authorising = Authorising, please wait
message-try-another-card = Insert, swipe or try another card
message-insert-card = Please insert the card
message-clear-display = (display cleared)
message-see-phone = See the phone for what to do
message-present-card-again = Present the card again

value-amount = Amount: { $value }
value-balance = Balance: { $value }

## States of the reader

status-not-ready = not ready
status-idle = idle
status-ready-to-read = ready to read
status-processing = processing
status-card-read-successfully = card read
status-processing-error = error

## The report

heading = Through the air
combination = { $aid } with kernel { $kernel }
limit-transaction = contactless below { $value }
limit-floor = online above { $value }
limit-cvm = cardholder verified from { $value }
limit-kernel-transaction = contactless up to { $value } (kernel)
limit-kernel-transaction-on-device = contactless up to { $value }, owner verified by device
limit-kernel-floor = online above { $value } (kernel)
limit-kernel-cvm = cardholder verified above { $value } (kernel)
reached = reached by { $amount }
not-reached = not reached by { $amount }
indicator-status-check = one unit of the currency: online cryptogram asked for
indicator-zero-amount = the amount is zero
indicator-online = online cryptogram asked for
indicator-verify = cardholder verification asked for
not-allowed = contactless is not allowed: { $reason }
directory = The card's directory
priority = priority { $value }
asks-for-kernel = asks for kernel { $value }
extension = extension { $value }
activation = Kernel { $kernel } with { $name }
activation-again = Kernel { $kernel } with { $name }, presented again
entry-point = Entry Point, without a kernel
because = { $outcome }, because: { $reason }
verification-results-say-nothing = The verification results are zero: this kernel does not decide by them, so they do not say why it was declined.
milliseconds = { $value } ms

parameter-cvm = cardholder verification
parameter-start = begins again
parameter-online-response-data = when the issuer sends
parameter-alternate-interface = other interface
parameter-receipt = receipt
parameter-field-off = field off for
parameter-removal-timeout = card may leave after
parameter-shows = shows
parameter-shows-on-restart = shows at the restart
parameter-data-record = data record
parameter-discretionary = discretionary data
parameter-error = error

outcome-select-next = select next: another application of the card is tried
outcome-try-again = try again: the card is to be presented once more
outcome-approved = approved
outcome-declined = declined
outcome-online-request = online request: the issuer is asked
outcome-try-another-interface = try another interface
outcome-end-application = end application: nothing is decided
outcome-request-online-pin = request online PIN

cvm-no-cvm = none
cvm-online-pin = online PIN
cvm-confirmation-code-verified = done by the cardholder's device
cvm-obtain-signature = signature
start-a = at pre-processing
start-b = with a new card activation
start-c = with the next application
start-d = with the same kernel
online-response-data-emv-data = data for the card
online-response-data-any = any answer
alternate-interface-contact-chip = contact chip
alternate-interface-magnetic-stripe = magnetic stripe
receipt-yes = yes

error-time-out = time-out
error-transmission = transmission error
error-protocol = protocol error
error-card-data-missing = card data missing
error-cam-failed = card authentication failed
error-status-bytes = status word
error-parsing-error = card data cannot be read
error-max-limit-exceeded = limit exceeded
error-card-data-error = card data wrong
error-mag-stripe-not-supported = mag-stripe mode not supported
error-no-ppse = no contactless directory
error-ppse-fault = contactless directory wrong
error-empty-candidate-list = no application in common
error-ids-read-error = stored data: read error
error-ids-write-error = stored data: write error
error-ids-data-error = stored data: wrong
error-ids-no-matching-ac = stored data: no matching cryptogram
error-terminal-data-error = terminal data wrong
error-stop = stopped by the terminal
error-amount-not-present = no amount

ttq-heading = Terminal transaction qualifiers { $bytes }
ttq-1-8 = mag-stripe mode
ttq-1-7 = full transaction flow (UnionPay)
ttq-1-6 = EMV mode
ttq-1-5 = has contacts too
ttq-1-4 = offline only
ttq-1-3 = online PIN
ttq-1-2 = signature
ttq-1-1 = offline data authentication for online authorisations
ttq-2-8 = online cryptogram required
ttq-2-7 = cardholder verification required
ttq-2-6 = offline PIN on the contacts
ttq-3-8 = issuer updates
ttq-3-7 = cardholder verified by the device
ttq-4-8 = fDDA version 1

ctq-heading = Card transaction qualifiers { $bytes }
ctq-1-8 = online PIN required
ctq-1-7 = signature required
ctq-1-6 = online if offline data authentication fails
ctq-1-5 = other interface if offline data authentication fails
ctq-1-4 = online if the application has expired
ctq-1-3 = other interface for cash
ctq-1-2 = other interface for cashback
ctq-2-8 = the device has verified the cardholder
ctq-2-7 = takes issuer updates

## A tap that ended in an online request

agreed-to-ask = Card and reader agreed: the card made a request for the issuer, who is to decide.
agreed-cvm-no-cvm = The cardholder need not be verified.
agreed-cvm-online-pin = The PIN goes to the issuer, who says whether it is right.
agreed-cvm-confirmation-code-verified = The cardholder's device has verified its owner.
agreed-cvm-obtain-signature = The cardholder signs.
awaited-code = The host has to send a response code: 00 approves. The card is not presented again.
awaited-emv-data = The host has to send a response code: 00 approves. When it sends data for the card (field 55: 91, 71, 72), the card is presented again.
awaited-any = The host has to send a response code: 00 approves. With any answer, the card is presented again.
