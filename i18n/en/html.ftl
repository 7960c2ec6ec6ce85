# What only the HTML page says.

language = Language
this-language = English
masked = Nothing on this page came from or goes to a network. •• stands for bytes that are not shown: card numbers, other account data, tracks, PINs.

## Headings

heading-results = What the terminal wrote down
heading-unused = Not part of the transaction
cannot-tell = Cannot tell from this recording
unused = The recording has these exchanges too; the transaction above did without them.

## Steps

exchanges = { $count } exchanges; the recording tells no times.
exchanges-time = { $count } exchanges, { $time } in the card.
legend = Open a step to see its bytes; point at a line to mark its bytes.
open-all = Open all
close-all = Close all
command = Command
answer = Answer
bytes = { $count } bytes

## Action analysis

codes-legend = ● the bit is set; below a code: the code has it and decides · ○ the bit is not set; below a code: the code waits for it
every-bit = All 40 bits
bit = Bit of the TVR
row-result = Result
row-match = match
row-without-match = no match
