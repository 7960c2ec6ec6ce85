//! Tags of kernel 2 (`EMV Contactless Book C-2, Annex A`).

tags! {
    KERNEL_CONFIGURATION_DF811B = 0xDF811B;
}
