# What evidence is about, and the words of the transaction itself: phases, severities, decisions, bits.

## Facts

fact-status-word = status word
fact-reader-code = reader's code
fact-answer-to-reset = answer to reset
fact-length = length
fact-header = first byte
fact-trailer = last byte
fact-format = format byte
fact-hash-algorithm = hash algorithm
fact-key-algorithm = key algorithm
fact-hash = hash
fact-issuer-identifier = issuer identifier
fact-card-number = card number
fact-serial-number = serial number
fact-certificate-expiry = certificate expiry
fact-key-length = key length
fact-exponent = exponent
fact-remainder = rest of the key
fact-ca-key = CA key
fact-loaded-keys = keys loaded
fact-checksum = checksum
fact-static-data = signed static data
fact-dynamic-data-length = length of the signed dynamic data
fact-cryptogram-information = signed cryptogram information
fact-transaction-data-hash = hash of the transaction data
fact-unpredictable-number = unpredictable number
fact-data-object = data object
fact-data-object-list = data object list
fact-template = template
fact-tlv-error = structure of the data
fact-record = record
fact-file-locator = record list entry
fact-application-id = application identifier
fact-application-label = application label
fact-priority = priority
fact-card-methods = methods of the card
fact-terminal-methods = methods of the terminal
fact-application-version = application version
fact-usage-control = application usage control
fact-country-code = country code
fact-currency-code = currency code
fact-transaction-date = transaction date
fact-effective-date = first day of validity
fact-expiration-date = last day of validity
fact-terminal-type = terminal type
fact-transaction-type = transaction type
fact-amount = amount
fact-floor-limit = floor limit
fact-random-number = number drawn
fact-random-target = target percentage
fact-transaction-counter = transaction counter
fact-last-online-counter = counter at the last online transaction
fact-offline-limit = limit of offline transactions
fact-cvm-rule = verification rule
fact-cvm-results = verification results
fact-tries-left = PIN tries left
fact-pin-key = key for the PIN
fact-verification-bits = terminal verification results
fact-action-code = action code
fact-cryptogram-asked = cryptogram asked for
fact-cryptogram-given = cryptogram information
fact-card-verification-results = card verification results
fact-response-code = response code
fact-issuer-authentication-data = issuer authentication data
fact-script-identifier = script identifier
fact-script-command = script command
fact-limit = limit
fact-card-time = time the card took, in milliseconds
fact-question = asking the host
fact-kernel-identifier = Kernel identifier
fact-vouched-by = Who vouches for it

## Phases

phase-reset = Reset
phase-selection = Application selection
phase-initiation = Initiate application
phase-read-data = Read application data
phase-authentication = Offline data authentication
phase-restrictions = Processing restrictions
phase-cardholder-verification = Cardholder verification
phase-risk-management = Terminal risk management
phase-action-analysis = Terminal action analysis
phase-first-generate-ac = First GENERATE AC
phase-online = Online processing
phase-issuer-authentication = Issuer authentication
phase-scripts-before = Issuer scripts before the final decision
phase-second-generate-ac = Second GENERATE AC
phase-scripts-after = Issuer scripts after the final decision
phase-completion = Completion
phase-pre-processing = Pre-processing
phase-activation = Protocol activation
phase-relay-resistance = Relay resistance
phase-data-exchange = Data exchange with the terminal
phase-torn-recovery = Recovery of a torn transaction
phase-outcome = Outcome
phase-issuer-update = Issuer update
phase-mag-stripe = Checksum of the mag-stripe mode

## Severities

severity-info = note
severity-degraded = went on
severity-cause = caused it
severity-decline = declined
severity-fatal = ended it

## Certainties

certainty-hint = a hint
certainty-likely = likely
certainty-proven = proven

## Whose fault

category-card = the card or who made it
category-cardholder = the cardholder
category-terminal-config = the terminal's configuration or keys
category-reader = the reader
category-network-issuer = the network or a host
category-operator = whoever operates the terminal
category-suspected-attack = possibly an attack

## Decisions

decision-approved = Approved
decision-declined = Declined
decision-not-completed = Not completed
decider-card = decided by the card
decider-terminal = decided by the terminal
decider-issuer = decided by the issuer
decider-attendant = decided by the attendant
decider-cardholder = decided by the cardholder
decider-nobody = decided by nobody: the connection to the card failed

## Transaction kinds

kind-purchase = purchase
kind-purchase-with-cashback = purchase with cashback
kind-cash = cash
kind-manual-cash = cash at a counter
kind-refund = refund
kind-inquiry = inquiry
kind-other = another type

## Terminal verification results

tvr-1-8 = Offline data authentication was not performed
tvr-1-7 = SDA failed
tvr-1-6 = ICC data missing
tvr-1-5 = Card is on the exception file
tvr-1-4 = DDA failed
tvr-1-3 = CDA failed
tvr-1-2 = SDA was selected
tvr-1-1 = XDA was selected
tvr-2-8 = Card and terminal versions differ
tvr-2-7 = Expired application
tvr-2-6 = Application not yet effective
tvr-2-5 = Service not allowed for this card
tvr-2-4 = New card
tvr-2-3 = Reserved
tvr-2-2 = Biometric was successful
tvr-2-1 = Biometric template format not supported
tvr-3-8 = Cardholder verification failed
tvr-3-7 = Unrecognised verification method
tvr-3-6 = PIN try limit exceeded
tvr-3-5 = PIN required, PIN pad missing or broken
tvr-3-4 = PIN required, not entered
tvr-3-3 = Online verification captured
tvr-3-2 = Biometric device missing or broken
tvr-3-1 = Biometric required, bypassed
tvr-4-8 = Floor limit exceeded
tvr-4-7 = Lower offline limit exceeded
tvr-4-6 = Upper offline limit exceeded
tvr-4-5 = Selected at random for online processing
tvr-4-4 = Merchant forced it online
tvr-4-3 = Biometric try limit exceeded
tvr-4-2 = Selected biometric type not supported
tvr-4-1 = XDA signature failed
tvr-5-8 = Default TDOL was used
tvr-5-7 = Issuer authentication failed
tvr-5-6 = Script failed before final GENERATE AC
tvr-5-5 = Script failed after final GENERATE AC
tvr-5-4 = Relay resistance threshold exceeded
tvr-5-3 = CA key for ECC missing; kernel 2: relay limits exceeded
tvr-5-2 = ECC key recovery failed; kernel 2: relay was checked
tvr-5-1 = Relay resistance was not checked

## Transaction status information

tsi-1-8 = Offline data authentication was performed
tsi-1-7 = Cardholder verification was performed
tsi-1-6 = Card risk management was performed
tsi-1-5 = Issuer authentication was performed
tsi-1-4 = Terminal risk management was performed
tsi-1-3 = Script processing was performed

## Application interchange profile

aip-1-8 = XDA
aip-1-7 = SDA
aip-1-6 = DDA
aip-1-5 = cardholder verification
aip-1-4 = terminal risk management
aip-1-3 = issuer authentication
aip-1-1 = CDA

## Ways to verify the cardholder

method-fail = Fail
method-plaintext-pin = PIN to the card in the clear
method-online-pin = PIN to the issuer
method-plaintext-pin-and-signature = PIN to the card in the clear, and signature
method-enciphered-pin = PIN to the card, enciphered
method-enciphered-pin-and-signature = PIN to the card, enciphered, and signature
method-biometric = Biometric
method-signature = Signature
method-no-cvm = No verification needed
method-payment-system = Method of the payment system
method-issuer = Method of the issuer
method-unrecognised = Unknown method

condition-always = always
condition-unattended-cash = if unattended cash
condition-not-cash-nor-cashback = if neither cash nor cashback
condition-terminal-supports = if the terminal can do it
condition-manual-cash = if cash at a counter
condition-purchase-with-cashback = if purchase with cashback
condition-under-x = if under { $amount }
condition-over-x = if over { $amount }
condition-under-y = if under { $amount }
condition-over-y = if over { $amount }
condition-rfu = under a condition nobody knows
condition-payment-system = under a condition of the payment system

## The chain of certificates

certificate-ca-key = CA public key
certificate-issuer-certificate = Issuer certificate
certificate-icc-certificate = Chip certificate
certificate-icc-pin-certificate = Chip certificate for PINs
certificate-static-signature = Signature over the card's data
certificate-dynamic-signature = Card's dynamic signature

## Messages of the point of sale

message-approved = Approved
message-call-your-bank = Call your bank
message-card-error = Card error
message-declined = Declined
message-enter-pin = Enter PIN
message-incorrect-pin = Incorrect PIN
message-last-pin-try = Last PIN try
message-not-accepted = Not accepted
message-pin-ok = PIN OK
message-please-wait = Please wait
message-processing-error = Processing error
message-remove-card = Remove card
message-try-again = Try again

## Response codes the terminal gives itself

terminal-code-y1 = approved offline
terminal-code-z1 = declined offline
terminal-code-y3 = unable to go online, approved offline
terminal-code-z3 = unable to go online, declined offline

## Words in evidence

word-no-link = no network
word-no-connection = no connection to the host
word-no-answer = the request left, no answer came
word-bad-answer = the answer cannot be read
word-not-a-card-number = not a card number
word-signed-by-card = the card, by its signature
word-signed-by-issuer = the issuer, by its signature
word-signed-by-nobody = nobody: no verified signature covers it
word-online-pin = online PIN
word-obtain-signature = signature
word-odd-modulus = an odd modulus of full length
word-signature-not-below-modulus = signature is not below the modulus

## Why a verification rule was left

unmet-not-unattended-cash = no: not unattended cash
unmet-cash-or-cashback = no: cash or cashback
unmet-method-unusable = no: the terminal cannot do it
unmet-not-manual-cash = no: not cash at a counter
unmet-not-cashback = no: no cashback
unmet-no-application-currency = no: the card does not say its currency
unmet-other-currency = no: other currency
unmet-not-under = no: the amount is not under that
unmet-not-over = no: the amount is not over that
unmet-condition-unknown = no: nobody knows this condition
unusable-unrecognised = failed: the terminal does not know it
unusable-capability = failed: the terminal cannot do it
unusable-attendant = failed: nobody is there to compare signatures
unusable-attendant-printer = failed: no printer for the signature line
result-unknown = done; only the other side can tell whether it is right
result-failed = failed
result-successful = successful
result-stopped = the transaction ended here

## What evidence misses

word-interface-character = an interface character
word-capability = a capability of the terminal
word-attendant = an attendant
word-attendant-printer = a printer the attendant can reach
