//! PHP's form encoding, both ways: `data[MESSAGES][0][im][chat_id]=1807`.
//!
//! Portals deliver events in it, SDKs send parameters in it, and the commands of a batch are written in it. PHP's
//! arrays are ordered maps: a decoded array becomes a JSON list when its keys are 0..n-1 in that order, and an object
//! otherwise, which is what `json_encode` would make of it.

mod decode;
mod encode;

pub use decode::{FormError, Limits, decode, from_fields};
pub use encode::encode;
