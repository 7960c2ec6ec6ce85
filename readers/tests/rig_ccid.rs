//! The real CCID driver against an emulated serial reader: T=0, T=1, bad contacts and the PIN pad.
