# What an export took away and what it left: lines of the manifest.

title = A recording for others, made by emvident export. Card number, certificates and dates are not those of the card.

removed = Taken away:
removed-line = - { $what }: { $count }
removed-card-number = card numbers, replaced by test numbers
removed-track = tracks and card verification codes
removed-date = dates and times, moved by whole months
removed-identifier = names, account references
removed-counter = transaction counters, issuer counters
removed-cryptogram = cryptograms
removed-linkable = serial numbers, numbers of terminal and merchant
removed-certificate = certificates and signatures, made anew with test keys
removed-secret = PINs and keys
removed-unknown = unknown objects that could hold a card number
removed-unreadable = bytes that are no data objects
removed-command = commands that are none
remains = Still there:
remains-amounts = - amounts, balances on the card, currency, country, transaction type
remains-random = - unpredictable numbers, and how long the card took
remains-answers = - status words, decisions, terminal and card verification results
remains-structure = - the card's files, lists, limits and labels: they tell its make
remains-terminal = - the terminal's configuration
remains-bin = - the first six digits of card numbers, because --keep-bin was given
same = The explanation is the same as that of the original: root, findings, outcome.
differs = The explanation is not quite that of the original. Attempts that differ: { $attempts }.

raw-1 = *** NOT FIT TO BE SHOWN: card number, tracks, names and cryptograms of a real card are in this file. ***
raw-2 = *** Written by emvident export --i-own-this-card --unsafe-raw. Only PINs were taken away. ***
raw-3 = *** Without these two options the export names nobody and explains the same. ***
