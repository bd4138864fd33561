//! What a unit, its owner's pages and the cloud say to each other: pairing, proofs, the relay, presets that
//! travel, usage. Pure data and its rules; `docs/cloud.md` tells how it is used.

mod pairing;
mod preset;
mod proof;
mod relay;
mod usage;

pub use pairing::{
    Asker, PairApproved, PairConfirm, PairFound, PairLookup, PairPoll, PairStage, PairStart, PairStarted,
    PairState, USER_CODE_ALPHABET, UserCode,
};
pub use preset::{
    KeptBack, MAX_SYNC, MAX_TAG, MAX_TAGS, PresetCategory, PresetChange, PresetSync, PresetSynced,
    SyncedPreset,
};
pub use proof::{MAX_PROOF, NONCE_HEADER, PROOF_HEADER, PROOF_TYPE, ProofClaims, ProofHeader, PublicKey};
pub use relay::{
    BadMessage, FromPhone, FromUnit, MAX_UNIT_MESSAGE, Presence, RELAY_MESSAGE_LIFE_MS, ToPhone, ToUnit,
    join, split,
};
pub use usage::{MAX_EVENTS, UsageBatch, UsageEvent, UsageKind, UsageTaken};
