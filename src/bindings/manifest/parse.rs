//! From TOML to a manifest. Every mistake is reported with its place.

use std::collections::HashSet;
use std::ops::Range;

use toml_edit::{Document, Item, Table, TableLike, Value};

use super::{Manage, Manifest, ManifestError, Pattern, Remove, variables};
use crate::bindings::{Binding, Channel, Event, HandlerUrl, Type};
use crate::redact::mask_urls;

/// Keys at the top, of a subscription, and of `[manage]`.
pub(super) const TOP: [&str; 3] = ["handler", "subscription", "manage"];
pub(super) const SUBSCRIPTION: [&str; 5] = ["events", "handler", "type", "auth_user", "auth_connector"];
pub(super) const MANAGE: [&str; 2] = ["remove", "ignore"];

type Parsed<T> = Result<T, ManifestError>;

pub(super) fn manifest(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> Parsed<Manifest> {
    let reader = Reader { text, variable };
    let document = Document::parse(text).map_err(|error| {
        let hint = "this is not valid TOML; check the line for a missing `=` or quote";
        reader.mistake(error.span().unwrap_or_default(), error.message(), hint)
    })?;
    let top = document.as_table();
    reader.check_keys(top, &TOP, "the manifest")?;
    let handler = field(top, "handler").map(|handler| reader.handler(&handler)).transpose()?;
    let manage = field(top, "manage").map(|manage| reader.manage(&manage)).transpose()?.unwrap_or_default();
    let mut desired = Desired::default();
    for subscription in reader.subscriptions(top.get("subscription"))? {
        reader.subscription(&subscription, handler.as_ref(), &mut desired)?;
    }
    let is_blank = !["subscription", "manage"].iter().any(|key| top.contains_key(key));
    let handler = handler.map(|handler| handler.as_str().to_owned());
    Ok(Manifest { handler, desired: desired.list, manage, is_blank })
}

/// A value or a table, and its place.
struct Node<'a> {
    value: Option<&'a Value>,
    table: Option<&'a dyn TableLike>,
    type_name: &'static str,
    span: Range<usize>,
}

impl<'a> From<&'a Item> for Node<'a> {
    fn from(item: &'a Item) -> Self {
        Self {
            value: item.as_value(),
            table: item.as_table_like(),
            type_name: item.type_name(),
            span: item.span().unwrap_or_default(),
        }
    }
}

impl<'a> From<&'a Value> for Node<'a> {
    fn from(value: &'a Value) -> Self {
        Self {
            value: Some(value),
            table: value.as_inline_table().map(|table| table as &dyn TableLike),
            type_name: value.type_name(),
            span: value.span().unwrap_or_default(),
        }
    }
}

impl<'a> From<&'a Table> for Node<'a> {
    fn from(table: &'a Table) -> Self {
        Self { value: None, table: Some(table), type_name: "table", span: table.span().unwrap_or_default() }
    }
}

fn field<'a>(table: &'a dyn TableLike, key: &str) -> Option<Node<'a>> {
    table.get(key).map(Node::from)
}

/// The bindings so far, each once.
#[derive(Default)]
struct Desired {
    list: Vec<Binding>,
    known: HashSet<Binding>,
}

struct Reader<'a> {
    text: &'a str,
    variable: &'a dyn Fn(&str) -> Option<String>,
}

impl Reader<'_> {
    /// `[[subscription]]`, or a list of inline tables.
    fn subscriptions<'v>(&self, item: Option<&'v Item>) -> Parsed<Vec<Node<'v>>> {
        match item {
            None => Ok(Vec::new()),
            Some(Item::ArrayOfTables(tables)) => Ok(tables.iter().map(Node::from).collect()),
            Some(Item::Value(Value::Array(list))) => Ok(list.iter().map(Node::from).collect()),
            Some(other) => {
                let span = Node::from(other).span;
                Err(self.mistake(span, "`subscription` is not a list of tables", "write [[subscription]]"))
            }
        }
    }

    fn subscription(&self, node: &Node<'_>, default: Option<&HandlerUrl>, desired: &mut Desired) -> Parsed<()> {
        let table = self.table(node)?;
        self.check_keys(table, &SUBSCRIPTION, "a subscription")?;
        let Some(events) = field(table, "events") else {
            let hint = "add events = \"connector\", or events = [\"message-add\", …]";
            return Err(self.mistake(node.span.clone(), "the subscription has no events", hint));
        };
        let events = self.events(&events)?;
        let kind = field(table, "type").map(|kind| self.kind(&kind)).transpose()?.unwrap_or(Type::Online);
        let auth_connector = field(table, "auth_connector").map(|key| self.source_key(&key)).transpose()?;
        let channel = match kind {
            Type::Offline => self.offline(table)?,
            Type::Online => self.online(node, table, default)?,
        };
        for (event, span) in events {
            let binding = Binding { event, channel: channel.clone(), auth_connector: auth_connector.clone() };
            if !desired.known.insert(binding.clone()) {
                let message = format!("{} with this handler is already in the file", binding.event);
                return Err(self.mistake(span, message, "leave one of the two out"));
            }
            desired.list.push(binding);
        }
        Ok(())
    }

    fn offline(&self, table: &dyn TableLike) -> Parsed<Channel> {
        for online in ["handler", "auth_user"] {
            if let Some(value) = field(table, online) {
                let message = format!("an offline subscription has no {online}: the portal keeps its events");
                return Err(self.mistake(value.span, message, "leave it out"));
            }
        }
        Ok(Channel::Offline)
    }

    fn online(&self, node: &Node<'_>, table: &dyn TableLike, default: Option<&HandlerUrl>) -> Parsed<Channel> {
        let auth_user = field(table, "auth_user").map(|user| self.user(&user)).transpose()?.unwrap_or(0);
        if let Some(key) = field(table, "auth_connector") {
            let message =
                "the portal does not report the auth_connector of an online binding, so it cannot be compared";
            return Err(self.mistake(key.span, message, "leave it out, or add type = \"offline\""));
        }
        let own = field(table, "handler").map(|handler| self.handler(&handler)).transpose()?;
        let Some(handler) = own.as_ref().or(default) else {
            let hint = "add handler = \"https://…\" to it, or at the top for all";
            return Err(self.mistake(node.span.clone(), "the subscription has no handler", hint));
        };
        Ok(Channel::Online { handler: handler.as_str().to_owned(), auth_user: Some(auth_user) })
    }

    /// `"connector"`, one name, or a list of names.
    fn events(&self, node: &Node<'_>) -> Parsed<Vec<(Event, Range<usize>)>> {
        if let Some(list) = node.value.and_then(Value::as_array) {
            if list.is_empty() {
                let hint = "add an event, or write events = \"connector\" for the seven";
                return Err(self.mistake(node.span.clone(), "the list of events is empty", hint));
            }
            return list.iter().map(Node::from).map(|name| Ok((self.event(&name)?, name.span))).collect();
        }
        if self.string(node)? == "connector" {
            return Ok(Event::connector_events().into_iter().map(|event| (event, node.span.clone())).collect());
        }
        Ok(vec![(self.event(node)?, node.span.clone())])
    }

    fn event(&self, node: &Node<'_>) -> Parsed<Event> {
        let event = self.known_event(node)?;
        if event.is_managed_by_bots() {
            let message = format!("{event} cannot be bound: it belongs to a bot");
            return Err(self.mistake(
                node.span.clone(),
                message,
                "register the bot with imbot.v2.Bot.register instead",
            ));
        }
        Ok(event)
    }

    fn known_event(&self, node: &Node<'_>) -> Parsed<Event> {
        Event::parse(&self.string(node)?).map_err(|unknown| {
            let hint = match unknown.nearest.first() {
                _ if strsim::osa_distance(&unknown.wrong.to_ascii_lowercase(), "connector") <= 2 => {
                    "for the seven write events = \"connector\"".to_owned()
                }
                Some(nearest) => format!("did you mean {nearest}?"),
                None => "to see the names, run `imconn events`".to_owned(),
            };
            self.mistake(node.span.clone(), unknown.to_string(), hint)
        })
    }

    fn handler(&self, node: &Node<'_>) -> Parsed<HandlerUrl> {
        let hint = "a handler looks like https://bot.example.com/b24";
        HandlerUrl::parse(&self.string(node)?).map_err(|error| self.mistake(node.span.clone(), error.to_string(), hint))
    }

    fn kind(&self, node: &Node<'_>) -> Parsed<Type> {
        self.choice(node, "type", &[("online", Type::Online), ("offline", Type::Offline)])
    }

    fn user(&self, node: &Node<'_>) -> Parsed<u64> {
        let number = node.value.and_then(Value::as_integer).and_then(|number| u64::try_from(number).ok());
        number.ok_or_else(|| {
            let hint = "write auth_user = 1, or 0 for the event's user";
            self.mistake(node.span.clone(), "`auth_user` is not a user id", hint)
        })
    }

    fn source_key(&self, node: &Node<'_>) -> Parsed<String> {
        let key = self.string(node)?;
        if key.is_empty() {
            let hint = "leave it out for the queue without a key";
            return Err(self.mistake(node.span.clone(), "`auth_connector` is empty", hint));
        }
        Ok(key)
    }

    fn manage(&self, node: &Node<'_>) -> Parsed<Manage> {
        let table = self.table(node)?;
        self.check_keys(table, &MANAGE, "[manage]")?;
        let remove =
            field(table, "remove").map(|value| self.choice(&value, "value of remove", &Remove::ALL)).transpose()?;
        let ignore = field(table, "ignore").map(|value| self.patterns(&value)).transpose()?;
        Ok(Manage { remove: remove.unwrap_or_default(), ignore: ignore.unwrap_or_default() })
    }

    fn patterns(&self, node: &Node<'_>) -> Parsed<Vec<Pattern>> {
        let Some(list) = node.value.and_then(Value::as_array) else {
            let hint = "write ignore = [\"https://*.ngrok.app/*\"]";
            return Err(self.mistake(node.span.clone(), "`ignore` is not a list", hint));
        };
        list.iter().map(|pattern| self.string(&pattern.into()).map(Pattern::new)).collect()
    }

    fn choice<T: Copy>(&self, node: &Node<'_>, what: &str, choices: &[(&'static str, T)]) -> Parsed<T> {
        let text = self.string(node)?;
        let choice = choices.iter().find(|(name, _)| *name == text);
        choice.map(|(_, choice)| *choice).ok_or_else(|| {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            self.mistake(
                node.span.clone(),
                format!("`{}` is not a valid {what}", shown(&text)),
                suggestion(&text, &names),
            )
        })
    }

    /// A string with its variables filled in.
    fn string(&self, node: &Node<'_>) -> Parsed<String> {
        let Some(text) = node.value.and_then(Value::as_str) else {
            let message = format!("expected a string, found {}", with_article(node.type_name));
            return Err(self.mistake(node.span.clone(), message, "write it in quotes"));
        };
        variables::fill(text, self.variable).map_err(|(message, hint)| self.mistake(node.span.clone(), message, hint))
    }

    fn table<'v>(&self, node: &Node<'v>) -> Parsed<&'v dyn TableLike> {
        node.table.ok_or_else(|| {
            let message = format!("expected a table, found {}", with_article(node.type_name));
            self.mistake(node.span.clone(), message, "write [[subscription]], or [manage]")
        })
    }

    fn check_keys(&self, table: &dyn TableLike, known: &[&'static str], whose: &str) -> Parsed<()> {
        let Some((key, _)) = table.iter().find(|(key, _)| !known.contains(key)) else { return Ok(()) };
        let span = table.key(key).and_then(toml_edit::Key::span).unwrap_or_default();
        Err(self.mistake(span, format!("unknown key `{}` in {whose}", shown(key)), suggestion(key, known)))
    }

    fn mistake(&self, span: Range<usize>, message: impl Into<String>, hint: impl Into<String>) -> ManifestError {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        ManifestError {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            message: message.into(),
            hint: hint.into(),
        }
    }
}

fn with_article(type_name: &str) -> String {
    let article = if type_name.starts_with(['a', 'i']) { "an" } else { "a" };
    format!("{article} {type_name}")
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
        _ => format!("expected one of: {}", known.join(", ")),
    }
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
