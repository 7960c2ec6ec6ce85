# What a merchant can do. One message per remedy of the catalogue.

remedy-retry = Take the card out, insert it fully with the chip up, and leave it in until told
remedy-clean = Wipe the chip and the slot and try once more; then ask for another card
remedy-tap = Hold one card or phone flat on the reader until the beep ends
remedy-phone = Ask the customer to look at the phone and unlock it, then tap again
remedy-insert = Use the chip: insert the card
remedy-other = Ask for another card or another way to pay
remedy-bank = The customer should call the bank that issued the card
remedy-new-card = The customer needs a new card from the bank
remedy-pin = Let the customer type the PIN again, slowly; mind the tries that are left
remedy-pin-stop = Stop trying PINs; the customer must unlock the PIN at the bank
remedy-amount = Check the amount; if it is right, stay within the limit or pay another way
remedy-net = Check SIM card, Wi-Fi or cable, then try again
remedy-query = Do not charge again yet: look the transaction up, or wait for the reversal
remedy-sign-in = Sign the terminal on again, so that it gets new work keys
remedy-update = Download parameters, public keys or software to the terminal
remedy-clock = Set date and time of the terminal
remedy-reboot = Restart the terminal, or plug the reader in again
remedy-acquirer = Call the acquirer or service firm and quote the reason id
remedy-redo = Check type, amount and original data, and do it again
remedy-hold = Do not hand over goods; keep the slip, call the acquirer, do not confront anybody
remedy-wait = Wait a few minutes and try again
remedy-none = Nothing to do
