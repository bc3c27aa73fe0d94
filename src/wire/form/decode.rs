//! Form to JSON, as PHP fills `$_POST`.

use std::borrow::Cow;
use std::collections::HashMap;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

/// What a decoder accepts, so that a hostile body does not cost more than its size.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of the body.
    pub bytes: usize,
    /// Number of `name=value` pairs.
    pub pairs: usize,
    /// Depth of brackets; PHP's `max_input_nesting_level` is 64 by default.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 8 << 20, pairs: 20_000, depth: 64 }
    }
}

/// Why a body was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// More bytes than [`Limits::bytes`].
    #[error("the form is longer than {0} bytes")]
    TooLong(usize),
    /// More pairs than [`Limits::pairs`].
    #[error("the form has more than {0} fields")]
    TooMany(usize),
    /// Deeper than [`Limits::depth`].
    #[error("the form is nested deeper than {0} levels")]
    TooDeep(usize),
    /// `name[]` after the largest index there is.
    #[error("the form has an index that leaves no room for the next one")]
    IndexOverflow,
}

/// Decodes a form body or a query string into an object; every leaf is a string.
///
/// Bytes that are not UTF-8 become U+FFFD. Of two values for one name the later wins, as in PHP.
///
/// # Errors
/// If the body exceeds `limits`.
pub fn decode(body: &str, limits: Limits) -> Result<Map<String, Value>, FormError> {
    if body.len() > limits.bytes {
        return Err(FormError::TooLong(limits.bytes));
    }
    let mut root = Array::default();
    for (count, pair) in body.split('&').filter(|pair| !pair.is_empty()).enumerate() {
        if count >= limits.pairs {
            return Err(FormError::TooMany(limits.pairs));
        }
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        root.set(&unescape(name), unescape(value).into_owned(), limits.depth)?;
    }
    Ok(root.into_members())
}

/// Builds an object from fields with bracketed names, as from `name[key]=value` in a form.
///
/// # Errors
/// As [`decode`].
pub fn from_fields(fields: &[(String, String)]) -> Result<Map<String, Value>, FormError> {
    let mut root = Array::default();
    for (name, value) in fields {
        root.set(name, value.clone(), Limits::default().depth)?;
    }
    Ok(root.into_members())
}

fn unescape(text: &str) -> Cow<'_, str> {
    let spaced: Cow<'_, str> = if text.contains('+') { text.replace('+', " ").into() } else { text.into() };
    if !spaced.contains('%') {
        return spaced;
    }
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned().into()
}

enum Node {
    Text(String),
    Array(Array),
}

impl Default for Node {
    fn default() -> Self {
        Self::Array(Array::default())
    }
}

/// PHP's array: ordered, keyed by text, with the index that `[]` takes next. After a negative index that is 0, as until
/// PHP 8.2.
#[derive(Default)]
struct Array {
    entries: Vec<(String, Node)>,
    positions: HashMap<String, usize>,
    next: Option<i64>,
    full: bool,
}

impl Array {
    /// Stores a value under a bracketed name.
    fn set(&mut self, name: &str, value: String, depth: usize) -> Result<(), FormError> {
        let Some(path) = Path::parse(name) else { return Ok(()) };
        if path.keys.len() > depth {
            return Err(FormError::TooDeep(depth));
        }
        let mut array = self;
        let mut key = Some(path.name.as_str());
        for inner in &path.keys {
            let slot = array.slot(key)?;
            if matches!(slot, Node::Text(_)) {
                *slot = Node::default();
            }
            let Node::Array(nested) = slot else { unreachable!("the slot was just made an array") };
            array = nested;
            key = inner.as_deref();
        }
        *array.slot(key)? = Node::Text(value);
        Ok(())
    }

    /// The place of a key, created if it is missing; `None` appends.
    fn slot(&mut self, key: Option<&str>) -> Result<&mut Node, FormError> {
        let key = match key {
            Some(key) => key.to_owned(),
            None if self.full => return Err(FormError::IndexOverflow),
            None => self.next.unwrap_or(0).to_string(),
        };
        let position = match self.positions.get(&key) {
            Some(&position) => position,
            None => self.add(key),
        };
        Ok(&mut self.entries[position].1)
    }

    fn add(&mut self, key: String) -> usize {
        if let Some(index) = integer_key(&key) {
            match index.checked_add(1) {
                Some(after) => self.next = Some(self.next.unwrap_or(0).max(after)),
                None => self.full = true,
            }
        }
        self.entries.push((key.clone(), Node::default()));
        self.positions.insert(key, self.entries.len() - 1);
        self.entries.len() - 1
    }

    fn into_members(self) -> Map<String, Value> {
        self.entries.into_iter().map(|(key, node)| (key, node.into_value())).collect()
    }
}

impl Node {
    fn into_value(self) -> Value {
        match self {
            Self::Text(text) => Value::String(text),
            Self::Array(array) => {
                let is_list = array.entries.iter().enumerate().all(|(i, (key, _))| *key == i.to_string());
                if is_list {
                    Value::Array(array.entries.into_iter().map(|(_, node)| node.into_value()).collect())
                } else {
                    Value::Object(array.into_members())
                }
            }
        }
    }
}

/// PHP turns a key into an integer only when it is that integer's canonical spelling: `5`, not `05` or `+5`.
fn integer_key(key: &str) -> Option<i64> {
    key.parse::<i64>().ok().filter(|index| index.to_string() == key)
}

/// The parts of a name: `a[b][]` is `a`, `b`, append.
struct Path {
    name: String,
    keys: Vec<Option<String>>,
}

impl Path {
    /// Reads a decoded name; `None` for one that PHP ignores because it starts with a bracket.
    fn parse(name: &str) -> Option<Self> {
        // Names end at a NUL, because they are C strings there.
        let name = name.split('\0').next().unwrap_or_default().trim_start_matches(' ');
        let Some(open) = name.find('[') else {
            return (!name.is_empty()).then(|| Self { name: plain_name(name), keys: Vec::new() });
        };
        if open == 0 {
            return None;
        }
        let mut keys = Vec::new();
        let mut rest = &name[open..];
        while let Some(inner) = rest.strip_prefix('[') {
            let Some(close) = inner.find(']') else {
                // An open bracket that is never closed is part of the name, and becomes an underscore there.
                if keys.is_empty() {
                    return Some(Self { name: plain_name(name), keys });
                }
                break;
            };
            let key = &inner[..close];
            // One white space before the closing bracket counts as nothing.
            let is_empty =
                key.is_empty() || key.len() == 1 && key.bytes().all(|b| b.is_ascii_whitespace() || b == b'\x0b');
            keys.push((!is_empty).then(|| key.to_owned()));
            rest = &inner[close + 1..];
        }
        Some(Self { name: plain_name(&name[..open]), keys })
    }
}

/// PHP variables cannot contain these characters: the outermost name gets underscores instead.
fn plain_name(name: &str) -> String {
    name.replace([' ', '.', '['], "_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn decoded(body: &str) -> Value {
        Value::Object(decode(body, Limits::default()).expect("within the limits"))
    }

    #[test]
    fn brackets_nest() {
        let body = "data%5BMESSAGES%5D%5B0%5D%5Bim%5D%5Bchat_id%5D=1807&data[MESSAGES][0][im][message_id]=5";
        assert_eq!(decoded(body), json!({"data": {"MESSAGES": [{"im": {"chat_id": "1807", "message_id": "5"}}]}}));
    }

    #[test]
    fn sparse_and_named_keys_make_an_object() {
        assert_eq!(decoded("a[0]=x&a[2]=y"), json!({"a": {"0": "x", "2": "y"}}));
        assert_eq!(decoded("a[1]=x&a[0]=y"), json!({"a": {"1": "x", "0": "y"}}));
        assert_eq!(decoded("a[0]=x&a[k]=y"), json!({"a": {"0": "x", "k": "y"}}));
    }

    #[test]
    fn empty_brackets_append_after_the_largest_index() {
        assert_eq!(decoded("a[]=x&a[]=y"), json!({"a": ["x", "y"]}));
        assert_eq!(decoded("a[5]=x&a[]=y"), json!({"a": {"5": "x", "6": "y"}}));
        assert_eq!(decoded("a[05]=x&a[]=y"), json!({"a": {"05": "x", "0": "y"}}));
        assert_eq!(decoded("a[][b]=1&a[][b]=2"), json!({"a": [{"b": "1"}, {"b": "2"}]}));
    }

    #[test]
    fn the_later_value_wins_and_an_array_replaces_a_text() {
        assert_eq!(decoded("a=1&a=2"), json!({"a": "2"}));
        assert_eq!(decoded("a=1&a[b]=2"), json!({"a": {"b": "2"}}));
        assert_eq!(decoded("a[b]=2&a=1"), json!({"a": "1"}));
    }

    #[test]
    fn plus_percent_and_broken_escapes_are_read_as_php_reads_them() {
        assert_eq!(decoded("a=x+y%20z%2B&b=100%&c=%zz&d"), json!({"a": "x y z+", "b": "100%", "c": "%zz", "d": ""}));
    }

    #[test]
    fn odd_names_are_read_as_php_reads_them() {
        assert_eq!(decoded("a[+]=x&a[++]=y&b%00c=1"), json!({"a": {"0": "x", "  ": "y"}, "b": "1"}));
        assert_eq!(decoded("a.b=1&a[c=2&[x]=3&=4&d[e]f=5"), json!({"a_b": "1", "a_c": "2", "d": {"e": "5"}}));
    }

    #[test]
    fn limits_are_errors_and_never_a_silent_cut() {
        let limits = Limits { bytes: 100, pairs: 3, depth: 2 };
        assert_eq!(decode(&"a".repeat(101), limits), Err(FormError::TooLong(100)));
        assert_eq!(decode("a=1&b=2&c=3&d=4", limits), Err(FormError::TooMany(3)));
        assert_eq!(decode("a[b][c][d]=1", limits), Err(FormError::TooDeep(2)));
        assert_eq!(decode(&format!("a[{}]=1&a[]=2", i64::MAX), Limits::default()), Err(FormError::IndexOverflow));
    }
}
