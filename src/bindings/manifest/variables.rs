//! `${NAME}` and `${NAME:-default}` in the texts of a manifest.

/// A text as it has to be written to be read back unchanged.
pub(super) fn escape(text: &str) -> String {
    text.replace("${", "$${")
}

/// Puts values in the place of variables.
///
/// # Errors
/// What is wrong, and what would be right: a variable that is not set and has no default, or one that is not closed or
/// named.
pub(super) fn fill(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<String, (String, String)> {
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
        let end = inner
            .find('}')
            .ok_or_else(|| ("`${` is not closed".to_owned(), "write ${NAME}, or ${NAME:-default}".to_owned()))?;
        let (name, default) = match inner[..end].split_once(":-") {
            Some((name, default)) => (name, Some(default)),
            None => (&inner[..end], None),
        };
        if default.is_some_and(|default| default.contains("${")) {
            return Err(("a default cannot hold another variable".to_owned(), "write the default out".to_owned()));
        }
        let is_name = !name.is_empty()
            && !name.starts_with(|c: char| c.is_ascii_digit())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !is_name {
            let message = format!("`{}` is no name of a variable", name.escape_debug());
            return Err((message, "write ${NAME}, or ${NAME:-default}".to_owned()));
        }
        let value = variable(name).filter(|value| !value.is_empty()).or_else(|| default.map(str::to_owned));
        let Some(value) = value else {
            let hint = format!("set it, or give it a default: ${{{name}:-…}}");
            return Err((format!("the variable {name} is not set, or empty"), hint));
        };
        out.push_str(&value);
        rest = &inner[end + 1..];
    }
    out.push_str(rest);
    Ok(out)
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
    fn variables_are_filled_in_and_defaults_stand_for_those_that_are_not_set() {
        assert_eq!(filled("a${SET}b${SET}").as_deref(), Some("avaluebvalue"));
        assert_eq!(filled("${UNSET:-https://a.b}/x").as_deref(), Some("https://a.b/x"));
        assert_eq!(filled("${EMPTY:-d}${SET:-d}${UNSET:-}").as_deref(), Some("dvalue"));
        assert_eq!(filled("$5 {x} $").as_deref(), Some("$5 {x} $"));
        assert_eq!(filled("a$${SET}b").as_deref(), Some("a${SET}b"));
    }

    #[test]
    fn what_cannot_be_filled_in_is_an_error() {
        for wrong in ["${UNSET}", "${EMPTY}", "${", "${SET", "${}", "${1A}", "${A B}", "${:-x}", "${UNSET:-${SET}}"] {
            assert_eq!(filled(wrong), None, "{wrong}");
        }
    }
}
