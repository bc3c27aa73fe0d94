//! From TOML to a manifest. Every mistake is pointed at.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::{Manage, Manifest, ManifestError, Pattern, Remove, variables};
use crate::bindings::{Binding, Channel, Event, HandlerUrl, Type};
use crate::redact::mask_urls;

/// Members at the top, of a subscription, and of `[manage]`.
pub(super) const TOP: [&str; 3] = ["handler", "subscription", "manage"];
pub(super) const SUBSCRIPTION: [&str; 5] = ["events", "handler", "type", "auth_user", "auth_connector"];
pub(super) const MANAGE: [&str; 2] = ["remove", "ignore"];

type Parsed<T> = Result<T, ManifestError>;

/// Reads a manifest.
pub(super) fn manifest(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> Parsed<Manifest> {
    let reader = Reader { text, variable };
    let document = DeTable::parse(text).map_err(|error| {
        reader.wrong(error.span().unwrap_or_default(), error.message().to_owned(), "see the TOML before it".to_owned())
    })?;
    let document = document.get_ref();
    reader.check_members(document, &TOP, "the manifest")?;
    let handler = document.get("handler").map(|handler| reader.handler(handler)).transpose()?;
    let manage = document.get("manage").map(|manage| reader.manage(manage)).transpose()?.unwrap_or_default();
    let mut wanted: Vec<Binding> = Vec::new();
    let subscriptions = match document.get("subscription") {
        None => Vec::new(),
        Some(list) => reader.tables(list)?,
    };
    for subscription in subscriptions {
        reader.subscription(subscription, handler.as_ref(), &mut wanted)?;
    }
    let is_blank = !["subscription", "manage"].iter().any(|member| document.contains_key(*member));
    Ok(Manifest { handler: handler.map(|handler| handler.as_str().to_owned()), wanted, manage, is_blank })
}

struct Reader<'a> {
    text: &'a str,
    variable: &'a dyn Fn(&str) -> Option<String>,
}

impl Reader<'_> {
    fn subscription(
        &self,
        subscription: &Spanned<DeValue<'_>>,
        default: Option<&HandlerUrl>,
        wanted: &mut Vec<Binding>,
    ) -> Parsed<()> {
        let table = self.table(subscription)?;
        self.check_members(table, &SUBSCRIPTION, "a subscription")?;
        let Some(events) = table.get("events") else {
            let hint = "name them: events = \"connector\", or events = [\"message-add\", …]";
            return Err(self.wrong(subscription.span(), "the subscription names no events".into(), hint.into()));
        };
        let events = self.events(events)?;
        let kind = table.get("type").map(|kind| self.kind(kind)).transpose()?.unwrap_or(Type::Online);
        let auth_user = table.get("auth_user").map(|user| self.user(user)).transpose()?;
        let connector = table.get("auth_connector").map(|key| self.string(key)).transpose()?;
        if let (Some(key), Some("")) = (table.get("auth_connector"), connector.as_deref()) {
            let hint = "leave it out for the queue without a key";
            return Err(self.wrong(key.span(), "auth_connector is empty".into(), hint.into()));
        }
        let channel = match kind {
            Type::Offline => {
                for online in ["handler", "auth_user"] {
                    if let Some(value) = table.get(online) {
                        let message = format!("an offline subscription has no {online}: the portal keeps its events");
                        return Err(self.wrong(value.span(), message, "leave it out".into()));
                    }
                }
                Channel::Offline
            }
            Type::Online => {
                if let Some(key) = table.get("auth_connector") {
                    let message = "the portal does not tell the auth_connector of an online binding, so that it cannot be compared";
                    return Err(self.wrong(
                        key.span(),
                        message.into(),
                        "leave it out, or add type = \"offline\"".into(),
                    ));
                }
                let own = table.get("handler").map(|handler| self.handler(handler)).transpose()?;
                let Some(handler) = own.as_ref().or(default) else {
                    let hint = "add handler = \"https://…\" to it, or at the top for all";
                    return Err(self.wrong(subscription.span(), "the subscription has no handler".into(), hint.into()));
                };
                Channel::Online { handler: handler.as_str().to_owned(), auth_user: Some(auth_user.unwrap_or(0)) }
            }
        };
        for (event, span) in events {
            let binding = Binding { event, channel: channel.clone(), auth_connector: connector.clone() };
            if wanted.contains(&binding) {
                let message = format!("{} with this handler stands in the file already", binding.event);
                return Err(self.wrong(span, message, "leave one of the two out".into()));
            }
            wanted.push(binding);
        }
        Ok(())
    }

    /// `"connector"`, one name, or a list of names.
    fn events(&self, value: &Spanned<DeValue<'_>>) -> Parsed<Vec<(Event, Range<usize>)>> {
        if let DeValue::Array(list) = value.get_ref() {
            if list.is_empty() {
                let hint = "name one, or write events = \"connector\" for the seven";
                return Err(self.wrong(value.span(), "the list of events is empty".into(), hint.into()));
            }
            return list.iter().map(|name| Ok((self.event(name)?, name.span()))).collect();
        }
        if self.string(value)? == "connector" {
            return Ok(Event::connector_events().into_iter().map(|event| (event, value.span())).collect());
        }
        Ok(vec![(self.event(value)?, value.span())])
    }

    fn event(&self, value: &Spanned<DeValue<'_>>) -> Parsed<Event> {
        Event::parse(&self.string(value)?).map_err(|unknown| {
            let hint = match unknown.nearest.first() {
                _ if strsim::osa_distance(&unknown.wrong.to_ascii_lowercase(), "connector") <= 2 => {
                    "for the seven write events = \"connector\"".to_owned()
                }
                Some(nearest) => format!("did you mean {nearest}?"),
                None => "imconn events lists the names".to_owned(),
            };
            self.wrong(value.span(), unknown.to_string(), hint)
        })
    }

    fn handler(&self, value: &Spanned<DeValue<'_>>) -> Parsed<HandlerUrl> {
        let hint = "a handler looks like https://bot.example.com/b24";
        HandlerUrl::parse(&self.string(value)?)
            .map_err(|error| self.wrong(value.span(), error.to_string(), hint.into()))
    }

    fn kind(&self, value: &Spanned<DeValue<'_>>) -> Parsed<Type> {
        self.choice(value, "type", &[("online", Type::Online), ("offline", Type::Offline)])
    }

    fn user(&self, value: &Spanned<DeValue<'_>>) -> Parsed<u64> {
        let number = match value.get_ref() {
            DeValue::Integer(number) => u64::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok(),
            _ => None,
        };
        number.ok_or_else(|| {
            let hint = "write auth_user = 1, or 0 for whoever fires the event";
            self.wrong(value.span(), "auth_user is no user id".into(), hint.into())
        })
    }

    fn manage(&self, value: &Spanned<DeValue<'_>>) -> Parsed<Manage> {
        let table = self.table(value)?;
        self.check_members(table, &MANAGE, "[manage]")?;
        let remove = table.get("remove").map(|value| self.choice(value, "remove", &Remove::ALL)).transpose()?;
        let ignore = match table.get("ignore").map(|value| (value, value.get_ref())) {
            None => Vec::new(),
            Some((_, DeValue::Array(list))) => {
                list.iter().map(|pattern| self.string(pattern).map(Pattern::new)).collect::<Parsed<_>>()?
            }
            Some((value, _)) => {
                let hint = "write ignore = [\"https://*.ngrok.app/*\"]";
                return Err(self.wrong(value.span(), "ignore is no list".into(), hint.into()));
            }
        };
        Ok(Manage { remove: remove.unwrap_or_default(), ignore })
    }

    fn choice<T: Copy>(&self, value: &Spanned<DeValue<'_>>, what: &str, choices: &[(&'static str, T)]) -> Parsed<T> {
        let text = self.string(value)?;
        let found = choices.iter().find(|(name, _)| *name == text);
        found.map(|(_, choice)| *choice).ok_or_else(|| {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            let message = format!("`{}` is no {what}", shown(&text));
            self.wrong(value.span(), message, suggestion(&text, &names))
        })
    }

    /// A text with its variables filled in.
    fn string(&self, value: &Spanned<DeValue<'_>>) -> Parsed<String> {
        let Some(text) = value.get_ref().as_str() else {
            let message = format!("a text is wanted here, and no {}", value.get_ref().type_str());
            return Err(self.wrong(value.span(), message, "write it in quotes".into()));
        };
        variables::fill(text, self.variable).map_err(|(message, hint)| self.wrong(value.span(), message, hint))
    }

    fn table<'v>(&self, value: &'v Spanned<DeValue<'v>>) -> Parsed<&'v DeTable<'v>> {
        value.get_ref().as_table().ok_or_else(|| {
            let message = format!("a table is wanted here, and no {}", value.get_ref().type_str());
            self.wrong(value.span(), message, "write [[subscription]], or [manage]".into())
        })
    }

    fn tables<'v>(&self, value: &'v Spanned<DeValue<'v>>) -> Parsed<Vec<&'v Spanned<DeValue<'v>>>> {
        match value.get_ref() {
            DeValue::Array(list) => Ok(list.iter().collect()),
            _ => Err(self.wrong(
                value.span(),
                "subscription is no list of tables".into(),
                "write [[subscription]]".into(),
            )),
        }
    }

    fn check_members(&self, table: &DeTable<'_>, known: &[&'static str], whose: &str) -> Parsed<()> {
        let unknown = table.keys().find(|key: &&Spanned<DeString<'_>>| !known.contains(&key.get_ref().as_ref()));
        match unknown {
            None => Ok(()),
            Some(key) => {
                let message = format!("`{}` is no member of {whose}", shown(key.get_ref()));
                Err(self.wrong(key.span(), message, suggestion(key.get_ref(), known)))
            }
        }
    }

    fn wrong(&self, span: Range<usize>, message: String, hint: String) -> ManifestError {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let (line, column) = (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1);
        ManifestError { line, column, message, hint }
    }
}

/// What was written, cleaned and not too long.
fn shown(text: &str) -> String {
    mask_urls(text).escape_debug().to_string().chars().take(60).collect()
}

/// The nearest of the known words, or all of them.
fn suggestion(wrong: &str, known: &[&'static str]) -> String {
    let near = known.iter().map(|word| (strsim::osa_distance(wrong, word), word)).min();
    match near {
        Some((distance, word)) if distance <= 3 && distance < word.len() => format!("did you mean {word}?"),
        _ => format!("known are: {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Parsed<Manifest> {
        manifest(text, &|name| (name == "BASE").then(|| "https://env.example".to_owned()))
    }

    #[test]
    fn the_whole_language_is_read() {
        let manifest = read(
            r#"
handler = "${BASE}/b24"
[[subscription]]
events = "connector"
[[subscription]]
events = ["OnAppUninstall", "message-add"]
handler = "https://bot.example.com/uninstall"
auth_user = 1
[[subscription]]
events = "dialog-start"
type = "offline"
auth_connector = "key"
[manage]
remove = "connector"
ignore = ["https://*.ngrok.app/*"]
"#,
        )
        .expect("a manifest");
        assert_eq!(manifest.wanted.len(), 10);
        assert_eq!(manifest.wanted[0].handler(), Some("https://env.example/b24"));
        assert_eq!((manifest.wanted[0].auth_user(), manifest.wanted[7].auth_user()), (Some(0), Some(1)));
        assert_eq!(manifest.wanted[8].event.as_str(), "OnImConnectorMessageAdd");
        assert_eq!(
            (manifest.wanted[9].kind(), manifest.wanted[9].auth_connector.as_deref()),
            (Type::Offline, Some("key"))
        );
        assert_eq!(manifest.manage.remove, Remove::Connector);
        assert!(manifest.ignores("https://x.ngrok.app/y"));
    }

    #[test]
    fn every_mistake_is_pointed_at_with_what_would_be_right() {
        let subscription = "handler = \"https://a.b/\"\n[[subscription]]\n";
        for (text, place, said, hint) in [
            ("handlr = 1".to_owned(), (1, 1), "`handlr` is no member", "did you mean handler?"),
            ("handler = 5".to_owned(), (1, 11), "no integer", "quotes"),
            ("handler = \"ftp://a.b\"".to_owned(), (1, 11), "https://", "a handler looks like"),
            ("handler = \"${NOPE}\"".to_owned(), (1, 11), "NOPE is not set", "default"),
            ("handler = ".to_owned(), (1, 11), "", ""),
            ("[[subscription]]\nevents = \"connector\"".to_owned(), (1, 1), "no handler", "at the top"),
            (format!("{subscription}event = \"connector\""), (3, 1), "`event` is no member", "did you mean events?"),
            (format!("{subscription}events = [\"mesage-add\"]"), (3, 11), "not an event", "did you mean message-add?"),
            (format!("{subscription}events = []"), (3, 10), "empty", "connector"),
            (format!("{subscription}type = \"online\""), (2, 1), "names no events", "events ="),
            (
                format!("{subscription}events = \"connector\"\ntype = \"ofline\""),
                (4, 8),
                "`ofline`",
                "did you mean offline?",
            ),
            (
                format!("{subscription}events = \"connector\"\nauth_user = \"x\""),
                (4, 13),
                "no user id",
                "auth_user = 1",
            ),
            (
                format!("{subscription}events = \"connector\"\nauth_connector = \"x\""),
                (4, 18),
                "cannot be compared",
                "offline",
            ),
            (
                format!("{subscription}events = \"connector\"\ntype = \"offline\"\nauth_user = 1"),
                (5, 13),
                "has no auth_user",
                "leave it out",
            ),
            (
                format!("{subscription}events = [\"message-add\", \"ONIMCONNECTORMESSAGEADD\"]"),
                (3, 26),
                "already",
                "leave one",
            ),
            (
                format!("{subscription}events = \"connector\"\ntype = \"offline\"\nauth_connector = \"\""),
                (5, 18),
                "is empty",
                "leave it out",
            ),
            ("[manage]\nremove = \"everything\"".to_owned(), (2, 10), "`everything`", "listed, connector, all, none"),
            ("[manage]\nignore = \"x\"".to_owned(), (2, 10), "no list", "ignore = ["),
            ("subscription = 1".to_owned(), (1, 16), "no list of tables", "[[subscription]]"),
        ] {
            let error = read(&text).expect_err(&text);
            assert_eq!((error.line, error.column), place, "{text}: {error}");
            assert!(error.message.contains(said) && error.hint.contains(hint), "{text}: {error:?}");
        }
    }
}
