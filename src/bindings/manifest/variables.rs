//! `${NAME}` and `${NAME:-default}` in the strings of a manifest.

use crate::redact::SECRET_VARIABLES;

/// A text written so that it is read back unchanged.
pub(super) fn escape(text: &str) -> String {
    text.replace("${", "$${")
}

/// A message and a hint.
type Mistake = (String, String);

/// Replaces variables by their values. Fails for a variable that is neither set nor has a default, and for one that is not
/// well formed.
pub(super) fn fill(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<String, Mistake> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        // `$${` stands for the two characters themselves.
        if let Some(before) = rest[..at].strip_suffix('$') {
            out.push_str(before);
            out.push_str("${");
            rest = &rest[at + 2..];
            continue;
        }
        out.push_str(&rest[..at]);
        let inner = &rest[at + 2..];
        let end = inner.find('}').ok_or_else(|| syntax("`${` is not closed"))?;
        out.push_str(&value_of(&inner[..end], variable)?);
        rest = &inner[end + 1..];
    }
    out.push_str(rest);
    Ok(out)
}

/// The value of `NAME` or `NAME:-default`.
fn value_of(inner: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<String, Mistake> {
    let (name, default) = match inner.split_once(":-") {
        Some((name, default)) => (name, Some(default)),
        None => (inner, None),
    };
    if default.is_some_and(|default| default.contains("${")) {
        return Err(("a default cannot contain a variable".to_owned(), "write the default out".to_owned()));
    }
    if !is_name(name) {
        return Err(syntax(&format!("`{}` is not a valid variable name", name.escape_debug())));
    }
    if SECRET_VARIABLES.contains(&name) {
        return Err((
            format!("{name} is secret: a handler is stored on the portal and shown in comparisons"),
            "use a variable of your own that holds nothing secret".to_owned(),
        ));
    }
    let value = variable(name).filter(|value| !value.is_empty()).or_else(|| default.map(str::to_owned));
    value.ok_or_else(|| {
        let hint = format!("set it, or give it a default: ${{{name}:-…}}");
        (format!("the variable {name} is not set, or empty"), hint)
    })
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn syntax(message: &str) -> Mistake {
    (message.to_owned(), "write ${NAME}, or ${NAME:-default}".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> Option<String> {
        let variable = |name: &str| match name {
            "SET" => Some("value".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        };
        fill(text, &variable).ok()
    }

    #[test]
    fn variables_are_replaced_by_values_or_defaults() {
        assert_eq!(filled("a${SET}b${SET}").as_deref(), Some("avaluebvalue"));
        assert_eq!(filled("${UNSET:-https://a.b}/x").as_deref(), Some("https://a.b/x"));
        assert_eq!(filled("${EMPTY:-d}${SET:-d}${UNSET:-}").as_deref(), Some("dvalue"));
        assert_eq!(filled("$5 {x} $").as_deref(), Some("$5 {x} $"));
        assert_eq!(filled("a$${SET}b").as_deref(), Some("a${SET}b"));
    }

    #[test]
    fn variables_without_a_value_and_malformed_ones_are_errors() {
        for wrong in ["${UNSET}", "${EMPTY}", "${", "${SET", "${}", "${1A}", "${A B}", "${:-x}", "${UNSET:-${SET}}"] {
            assert_eq!(filled(wrong), None, "{wrong}");
        }
    }
}
