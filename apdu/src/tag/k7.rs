//! Tags of kernel 7 (`EMV Contactless Book C-7, Annex A`; JR/T 0025).

tags! {
    TTQ_9F66 = 0x9F66;
    CARD_AUTHENTICATION_RELATED_DATA_9F69 = 0x9F69;
    CTQ_9F6C = 0x9F6C;
}
