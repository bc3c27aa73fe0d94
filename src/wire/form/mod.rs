//! PHP's form encoding, both ways: `data[MESSAGES][0][im][chat_id]=1807`.
//!
//! Portals deliver events in it, SDKs send parameters in it, and a batch has its commands in it. PHP's arrays are ordered
//! maps: a decoded array becomes a JSON list if its keys are 0..n-1 in that order, and an object otherwise, as
//! `json_encode` would write it.

mod decode;
mod encode;

pub use decode::{FormError, Limits, decode, from_fields};
pub use encode::encode;
