### Doubts about a terminal configuration: what stands there and what follows from it; then what to do.

nothing = { $file }: nothing to doubt
heading = { $file }: { $count } to look at

lint-no-application = There is no application: no contact card finds one to pay with.
lint-no-application-remedy = Add an [[application]] for each payment system that is accepted.
lint-country-unknown = No country has this number. Cards hold it against their issuer's to tell at home from abroad, and many refuse abroad what they allow at home.
lint-country-unknown-remedy = Write the ISO 3166 number of the country the terminal stands in, such as 156.
lint-no-authentication = The terminal can approve offline, yet performs no offline data authentication: a copied card is as good as the real one until the issuer is asked.
lint-no-authentication-remedy = Add sda, dda and cda to the capabilities, or make the type online only.
lint-no-verification = The terminal performs no cardholder verification method, not even "no CVM": every card with a list of methods fails verification.
lint-no-verification-remedy = Add what the terminal can do, at least no-cvm, to the capabilities.
lint-pin-without-keys = The terminal says it takes PINs and has no numeric keys.
lint-pin-without-keys-remedy = Add numeric-keys to the additional capabilities, or take the PIN methods out.
lint-online-pin-offline = The terminal never goes online, yet says it can have a PIN checked online: the card counts on a check that never comes.
lint-online-pin-offline-remedy = Take online-pin out of the capabilities, or change the type.
lint-signature-unattended = Nobody is there to look at a signature.
lint-signature-unattended-remedy = Take signature out of the capabilities, or make the type attended.
lint-nothing-to-do = No kind of transaction is among the additional capabilities: a card that allows only some kinds may refuse all.
lint-nothing-to-do-remedy = Add goods, services or cash to the additional capabilities, whichever is right.
lint-no-display = The terminal says that it shows nothing to anybody: no choice of applications and no amount can be confirmed.
lint-no-display-remedy = Add display-attendant or display-cardholder to the additional capabilities.
lint-test-keys = Test keys are loaded: their private parts may be known to anybody, and a card signed with them authenticates.
lint-test-keys-remedy = Set test-keys to false and take out every key marked as a test key, unless this is a test terminal.

lint-action-codes-zero = All three terminal action codes are zero: only the card's own decide, and a card may be approved offline after every check has failed.
lint-action-codes-zero-remedy = Load the action codes the acquirer gives for this application.
lint-failed-authentication = No terminal action code looks at failed authentication: only the card's own codes keep a forged card from being approved offline.
lint-failed-authentication-remedy = Set the bits of the methods that are performed (byte 1: SDA, DDA and CDA failed) in the action codes, as the acquirer says.
lint-declines-everything = The action code for denial has all its bits set: any bit of the results declines the transaction, "authentication not performed" and "PIN not entered" among them.
lint-declines-everything-remedy = Load the action codes the acquirer gives for this application.
lint-no-ca-key = The terminal authenticates cards, and has no CA key of this payment system: every card of it ends with "key not found".
lint-no-ca-key-remedy = Load the CA keys of the payment system, by default = true in [keys] or as [[ca-key]].
lint-name-too-short = The AID is a registered provider's identifier alone, and longer names are not accepted: no card is called that.
lint-name-too-short-remedy = Set partial to true, or write the whole AID.
lint-twice = The same AID stands there more than once: which parameters are taken depends on the order.
lint-twice-remedy = Keep one of them.
lint-floor-online-only = A floor limit that is never looked at: every transaction of this type of terminal goes online.
lint-floor-online-only-remedy = Take the floor limit out, or change the terminal's type.
lint-threshold-above-floor = The threshold of random selection is not below the floor limit: no amount is ever selected by its size.
lint-threshold-above-floor-remedy = Make the threshold smaller than the floor limit.
lint-ddol-without-number = The default DDOL does not ask for the unpredictable number (9F37): dynamic authentication fails for every card without a DDOL of its own.
lint-ddol-without-number-remedy = Make it 9F3704.

lint-no-kernel = There is no kernel of this number here: a card that is selected for it cannot be read.
lint-no-kernel-remedy = Use C-2, C-3 or C-7, or run it with a kernel of your own.
lint-nothing-allowed = The transaction limit is zero: no amount is allowed without contacts.
lint-nothing-allowed-remedy = Set the transaction limit, or take the combination out.
lint-verification-out-of-reach = Cardholder verification begins at or above the transaction limit: nobody is ever asked for a PIN.
lint-verification-out-of-reach-remedy = Make the CVM limit smaller than the transaction limit, unless every amount is to pass without verification.
lint-floor-out-of-reach = The floor limit is not below the transaction limit: no transaction goes online for its amount.
lint-floor-out-of-reach-remedy = Make the floor limit smaller than the transaction limit, unless every amount is to stay offline.
lint-no-qualifiers = Terminal transaction qualifiers (9F66) are missing, with which this kernel tells the card what the reader can do.
lint-no-qualifiers-remedy = Set ttq, such as "36004080".
lint-combination-twice = The same AID and kernel stand there more than once for the same kinds of transaction: which limits are taken depends on the order.
lint-combination-twice-remedy = Keep one of them.
