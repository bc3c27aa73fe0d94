//! Quoting for a shell.

/// Text as one word of a shell command. Users paste what hints contain, and parts of a hint may come from strangers.
pub(crate) fn shell_quoted(text: &str) -> String {
    if !text.is_empty() && text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || "/._-:=@%+,".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_with_special_characters_is_quoted() {
        assert_eq!(shell_quoted("/a/b.toml"), "/a/b.toml");
        assert_eq!(shell_quoted("a';id;'b"), r"'a'\'';id;'\''b'");
    }
}
