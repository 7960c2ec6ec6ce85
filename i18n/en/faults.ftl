# What `emvident scenarios` says of the corpus of attacks and faults.

approved-online = approved online
approved-offline = approved offline
declined-online = declined by the issuer
declined-offline = declined offline
not-completed = not completed
hole-yes = the specification lets it through
hole-part = the specification lets it through in part
hole-no = the specification stops it
holds = as it must be
fails = NOT as it must be
tested = shown by tests of everything there is
not-here = not shown here
source = Source: { $source }
settled = Settled: { $why }
test = Test: { $test }
wrong = { $count } not as they must be
exchanges = { $count } exchanges
