### Two transactions side by side.

heading-first-byte = The first byte that differs
heading-first-decision = The first decision that differs
heading-cause = What explains it
heading-configuration = Configuration and request that differ
heading-decisions = Decisions that differ
heading-exchanges = Exchanges (= alike, ~ only what always differs, ≠ different)

no-byte = None: card and terminal said the same, but for what differs in any two transactions.
no-decision = None: both went the same way.
place = { $phase }, { $command }, exchange A { $a } and B { $b }, from the { $from }
from-terminal = terminal
from-card = card
from-issuer = issuer
byte = { $object }, byte { $byte }
bit = bit { $bit } { $name }
part-header = command header (CLA INS P1 P2)
part-data = data
part-status = status word
part-exchange = this exchange
not-shown = not shown
absent = not there
unknown = not known

cause-nowhere = No decision differs.
cause-terminal = On the terminal's side ({ $certainty }):
cause-card = On the card's side ({ $certainty }):
cause-host = On the host's side: the issuer answered differently, or could not be reached ({ $certainty }).
cause-people = The people at the terminal did something else ({ $certainty }).
cause-cannot-tell = Cannot tell: nothing in the recordings that could explain it differs. Compare the terminals' configuration.

decision-application = Application
decision-authentication = Authentication
decision-restrictions = Restrictions
decision-cardholder-verification = Cardholder verification
decision-risk-management = Risk management
decision-first-request = First request
decision-first-answer = The card's first answer
decision-host = The host's answer
decision-issuer-results = Issuer results
decision-second-request = Second request
decision-second-answer = The card's second answer
decision-decision = Decision

item-amount = Amount
item-cashback = Cashback
item-transaction-type = Transaction type
item-date = Date
item-forced-online = Merchant forces online
item-currency = Currency
item-country = Terminal country
item-terminal-type = Terminal type
item-capabilities = Terminal capabilities
item-additional-capabilities = Additional capabilities
item-merchant-category = Merchant category
item-risk-management-data = Risk management data
item-version = Application version
item-floor-limit = Floor limit
item-random-selection = Random selection
item-tac-denial = TAC denial
item-tac-online = TAC online
item-tac-default = TAC default
item-action-codes = Terminal action codes
item-default-ddol = Default DDOL
item-default-tdol = Default TDOL
item-ca-key = CA public key
item-applications = Applications
item-selection = Application selection
item-pin-bypass = PIN policy
item-cda-mode = CDA mode
item-revocations = Revoked certificates
item-exception-file = Exception file
