//! From findings to an explanation: which finding is the root, what followed from it, what to do.

