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
