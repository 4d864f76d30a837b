//! What somebody hostile, or only broken, sends: no input ends the server, locks others out or takes unbounded work.
//! CI runs these as one step: `cargo test --test promises attacks`.

mod documents;
mod mentions;
