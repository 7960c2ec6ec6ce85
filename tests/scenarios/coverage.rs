//! That every reason has a scenario.
