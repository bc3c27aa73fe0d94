//! The first words of a body that should have been JSON, safe to show.

use crate::redact::{Scrubber, mask_urls};

/// Length of the longest excerpt, in characters.
const LENGTH: usize = 80;

/// Whether a character may reach a terminal: no control characters (escape sequences start with one), and none that
/// reorder or hide the text around them.
pub(crate) fn is_printable(c: char) -> bool {
    let is_invisible = matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
    !c.is_control() && !is_invisible
}

/// `text` on one line, without unprintable characters.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|&c| is_printable(c)).collect()
}

/// One line of at most 80 characters from the start of `body`: without tags and control characters, white space folded,
/// secrets masked. Known secrets are masked before the cut, which could leave their beginning.
pub(crate) fn excerpt(body: &[u8], secrets: &Scrubber) -> String {
    let head = &body[..body.len().min(4096)];
    let text = String::from_utf8_lossy(head);
    let text = if is_html(body) { strip_tags(&text) } else { text.into_owned() };
    let folded = printable(&text).split_whitespace().collect::<Vec<_>>().join(" ");
    let masked = mask_urls(&secrets.scrub_text(&folded));
    if masked.chars().count() <= LENGTH {
        return masked;
    }
    masked.chars().take(LENGTH).chain(std::iter::once('…')).collect()
}

/// Whether a body looks like a web page.
pub(crate) fn is_html(body: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&body[..body.len().min(256)]).trim_start().to_ascii_lowercase();
    head.starts_with("<!doctype html")
        || head.starts_with("<html")
        || head.starts_with("<head")
        || head.starts_with("<body")
}

/// Removes tags, and the content of `<script>` and `<style>`.
fn strip_tags(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        out.push_str(&rest[..open]);
        out.push(' ');
        let tag = rest[open + 1..].to_ascii_lowercase();
        let end = match ["script", "style"].iter().find(|name| tag.starts_with(**name)) {
            Some(name) => tag.find(&format!("</{name}")).map(|at| open + 1 + at + name.len() + 2),
            None => Some(open),
        };
        let Some(close) = end.and_then(|from| rest[from..].find('>').map(|at| from + at)) else {
            return out;
        };
        rest = &rest[close + 1..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::Secret;

    fn seen(body: &[u8]) -> String {
        excerpt(body, &Scrubber::default())
    }

    #[test]
    fn a_secret_at_the_cut_does_not_show_its_beginning() {
        let mut secrets = Scrubber::default();
        secrets.learn(&Secret::new("0123456789abcdef"));
        let body = format!("<html>{} 01234567<b></b>89abcdef", "x".repeat(70));
        assert_eq!(excerpt(body.as_bytes(), &secrets), format!("{} ***", "x".repeat(70)));
    }

    #[test]
    fn a_page_is_reduced_to_its_first_words() {
        let page = b"<!DOCTYPE html><html><head><title>Site is closed</title><style>b{}</style></head><body>Come <b>back</b></body>";
        assert_eq!(seen(page), "Site is closed Come back");
    }

    #[test]
    fn escape_sequences_and_bidi_marks_do_not_pass() {
        assert_eq!(seen("a\u{1b}[31mb\u{202e}c\u{9b}d\nlast".as_bytes()), "a[31mbcd last");
    }

    #[test]
    fn no_invisible_character_passes() {
        let hidden =
            "a\u{ad}\u{61c}\u{180e}\u{200b}\u{2060}\u{206a}\u{206f}\u{feff}\u{fff9}\u{e0001}\u{e0041}\u{e007f}b";
        assert_eq!(printable(hidden), "ab");
        assert_eq!(printable("naïve “é” 日本 👍🏽"), "naïve “é” 日本 👍🏽");
    }

    #[test]
    fn a_long_text_is_cut_at_eighty_characters() {
        assert_eq!(seen("й".repeat(500).as_bytes()).chars().count(), 81);
    }

    #[test]
    fn an_unclosed_tag_ends_the_excerpt() {
        assert_eq!(seen(b"<html>one<script>alert(1)").trim(), "one");
    }
}
