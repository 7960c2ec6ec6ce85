### The summary of many traces.

traces = { $traces } traces, { $unreadable } of them unreadable
heading-classes = How they ended
heading-causes = Why they were not approved
heading-weak = Weak points
first = first: { $name }
predictable = terminal "{ $terminal }": { $pattern }; { $numbers } numbers; seen up to { $example }

class-approved = Approved
class-declined-by-card = Declined by the card
class-declined-by-terminal = Declined by the terminal
class-declined-by-host = Declined by the issuer
class-not-completed = Not completed
class-cannot-tell = Cannot tell from the trace
class-unreadable = Not a trace that can be read

weak-short-key = A key in a certificate is short
weak-patterned-key = A key has the pattern of a broken generator (CVE-2017-15361)
weak-static-only = Only static authentication
weak-not-authenticated = Card not authenticated offline
weak-decision-not-signed = The card's decision is not signed
weak-plaintext-pin = PIN sent to the card in the clear
weak-pin-key-shared = A PIN and a signature come from one key
weak-profile-not-signed = What the card can do is not signed

pattern-constant = always the same number
pattern-counter = a counter
pattern-rising = a counter or a clock
pattern-repeated = a number came twice
pattern-fixed-bytes = some bytes never change
pattern-decimal = decimal digits only

progress = traces
