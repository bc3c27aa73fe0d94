//! Properties of the form codec and the batch decoder.

use imconn::wire::batch::{self, Command, Outcome};
use imconn::wire::delivery::Delivery;
use imconn::wire::form::{Limits, decode, encode};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Keys that PHP keeps unchanged: no brackets, and no dots or spaces at the top level.
fn key() -> impl Strategy<Value = String> {
    "[a-zA-Z_][a-zA-Z0-9_-]{0,8}"
}

/// Values whose leaves are all text and whose containers are not empty.
fn value() -> impl Strategy<Value = Value> {
    any::<String>().prop_map(Value::String).prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Value::Array),
            prop::collection::hash_map(key(), inner, 1..4).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn members() -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::hash_map(key(), value(), 0..5).prop_map(|map| map.into_iter().collect())
}

/// Any JSON, including the nulls, empties and sparse keys that PHP drops or renames.
fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::hash_map("[a-z0-9]{0,4}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn texts_survive_a_round_trip(members in members()) {
        prop_assert_eq!(decode(&encode(&members), Limits::default()), Ok(members));
    }

    #[test]
    fn a_decoded_value_survives_every_round_trip(value in any_value()) {
        let first = Map::from_iter([("k".to_owned(), value)]);
        let second = decode(&encode(&first), Limits::default()).unwrap();
        prop_assert_eq!(decode(&encode(&second), Limits::default()), Ok(second));
    }

    #[test]
    fn the_decoder_never_panics(body in "[a-c\\[\\]=&%+0-9. ]{0,80}") {
        let _ = decode(&body, Limits { bytes: 1000, pairs: 20, depth: 5 });
    }

    #[test]
    fn any_text_decodes_to_a_delivery_or_an_error(body in any::<String>()) {
        let _ = Delivery::decode(&body);
    }

    #[test]
    fn commands_decode_like_forms(event in any::<String>(), user in any::<u32>()) {
        let encoded = Command::new("event.bind").with("event", event.as_str()).with("auth_type", user).encode();
        let (method, query) = encoded.split_once('?').unwrap();
        prop_assert_eq!(method, "event.bind");
        let fields = decode(query, Limits::default()).unwrap();
        prop_assert_eq!(&fields["event"], &Value::String(event));
        prop_assert_eq!(&fields["auth_type"], &Value::String(user.to_string()));
    }

    #[test]
    fn every_command_of_a_batch_gets_its_own_outcome(outcomes in prop::collection::vec(0..3u8, 0..50)) {
        let (mut results, mut errors) = (Map::new(), Map::new());
        for (i, outcome) in outcomes.iter().enumerate() {
            match outcome {
                0 => drop(results.insert(format!("c{i}"), json!(i))),
                1 => drop(errors.insert(format!("c{i}"), json!({"error": format!("E{i}"), "error_description": ""}))),
                _ => {}
            }
        }
        // PHP writes an empty map as a list.
        let php = |map: Map<String, Value>| if map.is_empty() { json!([]) } else { Value::Object(map) };
        let answer = json!({"result": php(results), "result_error": php(errors)});
        let decoded = batch::decode(&answer, outcomes.len()).unwrap();
        for (i, (asked, got)) in outcomes.iter().zip(&decoded).enumerate() {
            match (asked, got) {
                (0, Outcome::Done(value)) => prop_assert_eq!(value, &json!(i)),
                (1, Outcome::Refused(error)) => prop_assert_eq!(error.code.as_str(), format!("E{i}")),
                (2, Outcome::Missing) => {}
                other => prop_assert!(false, "{other:?}"),
            }
        }
    }

    #[test]
    fn the_batch_decoder_never_panics(answer in any_value(), count in 0..5usize) {
        let _ = batch::decode(&answer, count);
    }
}
