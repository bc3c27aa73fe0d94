//! Values as PHP reads and writes them.

use serde_json::{Map, Value};

/// A scalar as text; empty for null, false, lists and maps.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(true) => "1".to_owned(),
        _ => String::new(),
    }
}

/// `intval`: 0 for text that does not start with a number.
pub(super) fn intval(value: &Value) -> i64 {
    match value {
        Value::Array(list) => i64::from(!list.is_empty()),
        Value::Object(map) => i64::from(!map.is_empty()),
        Value::Number(number) => number.as_i64().unwrap_or_else(|| leading_number(&number.to_string())),
        scalar => leading_number(&text(scalar)),
    }
}

/// C's `strtol`: white space, a sign, digits; 0 if there are none, the largest number if there are too many.
pub(super) fn leading_number(text: &str) -> i64 {
    let text = text.trim_start();
    let sign = usize::from(text.starts_with(['-', '+']));
    let digits = text[sign..].bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 { 0 } else { text[..sign + digits].parse().unwrap_or(i64::MAX) }
}

/// A value as a condition: false are null, `false`, 0, `""`, `"0"` and an empty list or map.
pub(super) fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !matches!(text.as_str(), "" | "0"),
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
    }
}

/// A map as `json_encode` writes it: a list if it is empty or its keys are 0..n-1.
pub(super) fn array(map: Map<String, Value>) -> Value {
    let is_list = map.keys().enumerate().all(|(i, key)| *key == i.to_string());
    if is_list { Value::Array(map.into_iter().map(|(_, value)| value).collect()) } else { Value::Object(map) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_read_from_the_start_of_a_text() {
        for (value, number) in
            [(json!("27"), 27), (json!(" -3x"), -3), (json!("x"), 0), (json!(""), 0), (json!(true), 1), (json!(1.9), 1)]
        {
            assert_eq!(intval(&value), number, "{value}");
        }
    }

    #[test]
    fn only_empty_values_and_zeros_are_false() {
        for value in [json!(null), json!(false), json!(0), json!(""), json!("0"), json!([]), json!({})] {
            assert!(!is_truthy(&value), "{value}");
        }
        for value in [json!(true), json!(1), json!("N"), json!("false"), json!([0])] {
            assert!(is_truthy(&value), "{value}");
        }
    }
}
