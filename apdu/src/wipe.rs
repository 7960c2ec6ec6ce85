//! Overwriting what nobody should find in memory later.

use alloc::vec::Vec;

use zeroize::optimization_barrier;

/// Fills `bytes` with zeros. Unlike writing them one by one it costs next to nothing, and the compiler may not leave it out
/// either.
pub fn wipe(bytes: &mut [u8]) {
    bytes.fill(0);
    optimization_barrier(bytes);
}

/// Empties `bytes`, and fills all the room they had with zeros: also what was cut off before.
pub fn wipe_all(bytes: &mut Vec<u8>) {
    bytes.clear();
    bytes.resize(bytes.capacity(), 0);
    optimization_barrier(bytes.as_slice());
    bytes.clear();
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn nothing_is_left() {
        let mut bytes = vec![0x24, 0x12, 0x34, 0xFF];
        wipe(&mut bytes);
        assert_eq!(bytes, [0; 4]);
        let mut cut = vec![0x24; 64];
        cut.truncate(3);
        wipe_all(&mut cut);
        assert!(cut.is_empty());
        cut.resize(cut.capacity(), 0);
        assert!(cut.iter().all(|byte| *byte == 0));
    }
}
