//! Finds the primes of `keys/rsa.txt` anew: reads the list on stdin, writes the file on stdout.
//!
//! `cargo run -p emvident-vectors --example generate_keys < vectors/keys/rsa.txt > rsa.new`
//!
//! A new key is a new line of name, modulus bytes and exponent; the primes are filled in.

use std::io::{Read, Write};

fn main() -> std::io::Result<()> {
    let mut list = String::new();
    std::io::stdin().read_to_string(&mut list)?;
    std::io::stdout().write_all(emvident_vectors::pki::regenerate(&list).as_bytes())
}
