//! What PHP prints of an array: `print_r`, `var_dump` and `var_export`, one member per line.

use serde_json::{Map, Value};

/// Deeper arrays hold no tokens.
const MAX_DEPTH: usize = 32;

/// Reads the members of the printed array. Lines that are not part of it, such as the rest of a log, are skipped.
pub(super) fn read(text: &str) -> Map<String, Value> {
    let mut open: Vec<(String, Map<String, Value>)> = vec![(String::new(), Map::new())];
    let mut key = None;
    for line in text.lines().map(str::trim) {
        let line = match member(line) {
            Some((name, rest)) => {
                key = Some(name);
                rest
            }
            None => line,
        };
        if is_end(line) {
            close(&mut open);
        } else if is_beginning(line) {
            // `Array` of print_r is followed by its parenthesis.
            if line != "Array"
                && open.len() < MAX_DEPTH
                && let Some(name) = key.take()
            {
                open.push((name, Map::new()));
            }
        } else if !line.is_empty()
            && let Some(name) = key.take()
            && let Some((_, members)) = open.last_mut()
        {
            members.insert(name, Value::String(scalar(line).to_owned()));
        }
    }
    while open.len() > 1 {
        close(&mut open);
    }
    open.pop().map(|(_, members)| members).unwrap_or_default()
}

/// Puts the innermost array into the one around it.
fn close(open: &mut Vec<(String, Map<String, Value>)>) {
    if open.len() > 1
        && let Some((name, members)) = open.pop()
        && let Some((_, outer)) = open.last_mut()
    {
        outer.insert(name, Value::Object(members));
    }
}

/// `[key] => rest`, `["key"]=> rest` or `'key' => rest`.
fn member(line: &str) -> Option<(String, &str)> {
    let (key, rest) = line.split_once("=>")?;
    let key = key.trim();
    let is_key = key.starts_with(['[', '\'', '"']) || key.bytes().all(|byte| byte.is_ascii_digit());
    let name = key.trim_matches(['[', ']', '\'', '"']);
    (is_key && !name.is_empty()).then(|| (name.to_owned(), rest.trim()))
}

fn is_beginning(line: &str) -> bool {
    let is_array = line.starts_with("array") && line.ends_with(['(', '{', ' ']) || line == "array";
    is_array || ["Array", "(", "[", "{"].contains(&line)
}

fn is_end(line: &str) -> bool {
    [")", "),", "]", "],", "}", ");", "];"].contains(&line)
}

/// `string(3) "abc"`, `int(5)`, `'abc',`, `5,` or a bare text.
fn scalar(line: &str) -> &str {
    let line = line.strip_suffix(',').unwrap_or(line);
    if let Some((kind, quoted)) = line.split_once(' ')
        && kind.starts_with("string(")
    {
        return quoted.trim_matches('"');
    }
    for kind in ["int(", "float(", "bool("] {
        if let Some(number) = line.strip_prefix(kind).and_then(|rest| rest.strip_suffix(')')) {
            return number;
        }
    }
    if line == "NULL" {
        return "";
    }
    line.trim_matches(['\'', '"'])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_way_to_print_an_array_is_read() {
        let print_r = "[01-Aug] Array\n(\n    [event] => ONAPPINSTALL\n    [auth] => Array\n        (\n            \
                       [access_token] => acc\n            [expires_in] => 3600\n        )\n\n    [ts] => 5\n)\n";
        let var_dump = "array(3) {\n  [\"event\"]=>\n  string(12) \"ONAPPINSTALL\"\n  [\"auth\"]=>\n  array(2) {\n    \
                        [\"access_token\"]=>\n    string(3) \"acc\"\n    [\"expires_in\"]=>\n    int(3600)\n  }\n  \
                        [\"ts\"]=>\n  string(1) \"5\"\n}\n";
        let var_export = "array (\n  'event' => 'ONAPPINSTALL',\n  'auth' => \n  array (\n    'access_token' => 'acc',\n    \
                          'expires_in' => 3600,\n  ),\n  'ts' => '5',\n)";
        let short = "[\n  'event' => 'ONAPPINSTALL',\n  'auth' => [\n    'access_token' => 'acc',\n    'expires_in' => \
                     '3600',\n  ],\n  'ts' => '5',\n];";
        let expected =
            json!({"event": "ONAPPINSTALL", "auth": {"access_token": "acc", "expires_in": "3600"}, "ts": "5"});
        for text in [print_r, var_dump, var_export, short] {
            assert_eq!(Value::Object(read(text)), expected, "{text}");
        }
    }
}
