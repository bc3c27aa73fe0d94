//! JSON to form, as PHP's `http_build_query` writes it.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Number, Value};

/// PHP's `urlencode` leaves letters, digits, `-`, `_` and `.` alone.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// Encodes the members of an object.
///
/// Brackets become `%5B` and `%5D`, a space `+`, true `1`, false `0`; nulls and empty arrays leave no trace.
#[must_use]
pub fn encode(members: &Map<String, Value>) -> String {
    let mut out = String::new();
    for (name, value) in members {
        let mut path = String::new();
        push_escaped(&mut path, name);
        push(&mut out, &path, value);
    }
    out
}

fn push(out: &mut String, path: &str, value: &Value) {
    match value {
        Value::Null => {}
        Value::Array(list) => {
            for (i, item) in list.iter().enumerate() {
                push(out, &nested(path, &i.to_string()), item);
            }
        }
        Value::Object(map) => {
            for (key, item) in map {
                push(out, &nested(path, key), item);
            }
        }
        Value::Bool(flag) => push_pair(out, path, if *flag { "1" } else { "0" }),
        Value::Number(number) => push_pair(out, path, &number_text(number)),
        Value::String(text) => push_pair(out, path, text),
    }
}

/// The name of an element, with its key in brackets.
fn nested(path: &str, key: &str) -> String {
    let mut nested = format!("{path}%5B");
    push_escaped(&mut nested, key);
    nested + "%5D"
}

/// PHP writes a float without a fraction as a whole number.
fn number_text(number: &Number) -> String {
    match number.as_f64() {
        Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 1e15 => format!("{float:.0}"),
        _ => number.to_string(),
    }
}

fn push_pair(out: &mut String, path: &str, text: &str) {
    if !out.is_empty() {
        out.push('&');
    }
    out.push_str(path);
    out.push('=');
    push_escaped(out, text);
}

fn push_escaped(out: &mut String, text: &str) {
    for (i, word) in text.split(' ').enumerate() {
        if i > 0 {
            out.push('+');
        }
        out.extend(utf8_percent_encode(word, RESERVED));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn encoded(value: &Value) -> String {
        encode(value.as_object().expect("an object"))
    }

    #[test]
    fn nested_values_get_brackets() {
        assert_eq!(encoded(&json!({"a": {"b": [1, "x y"]}})), "a%5Bb%5D%5B0%5D=1&a%5Bb%5D%5B1%5D=x+y");
    }

    #[test]
    fn nulls_and_empties_are_dropped_and_booleans_are_digits() {
        assert_eq!(
            encoded(&json!({"n": null, "e": [], "o": {}, "t": true, "f": false, "s": "", "d": 1.0})),
            "t=1&f=0&s=&d=1"
        );
    }

    #[test]
    fn everything_but_letters_digits_and_three_signs_is_escaped() {
        assert_eq!(encoded(&json!({"k": "a-b_c.d~e*f&g=é"})), "k=a-b_c.d%7Ee%2Af%26g%3D%C3%A9");
    }
}
