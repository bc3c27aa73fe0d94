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
    assert_eq!(manifest.desired.len(), 10);
    assert_eq!(manifest.desired[0].handler(), Some("https://env.example/b24"));
    assert_eq!((manifest.desired[0].auth_user(), manifest.desired[7].auth_user()), (Some(0), Some(1)));
    assert_eq!(manifest.desired[8].event.as_str(), "OnImConnectorMessageAdd");
    assert_eq!(
        (manifest.desired[9].kind(), manifest.desired[9].auth_connector.as_deref()),
        (Type::Offline, Some("key"))
    );
    assert_eq!(manifest.manage.remove, Remove::Connector);
    assert!(manifest.ignores("https://x.ngrok.app/y"));
}

#[test]
fn every_mistake_is_reported_with_its_place_and_a_fix() {
    let subscription = "handler = \"https://a.b/\"\n[[subscription]]\n";
    for (text, place, said, hint) in [
        ("handlr = 1".to_owned(), (1, 1), "unknown key `handlr`", "did you mean handler?"),
        ("handler = 5".to_owned(), (1, 11), "found an integer", "quotes"),
        ("handler = \"ftp://a.b\"".to_owned(), (1, 11), "https://", "a handler looks like"),
        ("handler = \"${NOPE}\"".to_owned(), (1, 11), "NOPE is not set", "default"),
        ("handler = ".to_owned(), (1, 11), "", ""),
        ("[[subscription]]\nevents = \"connector\"".to_owned(), (1, 1), "no handler", "at the top"),
        (format!("{subscription}event = \"connector\""), (3, 1), "unknown key `event`", "did you mean events?"),
        (format!("{subscription}events = [\"mesage-add\"]"), (3, 11), "not an event", "did you mean message-add?"),
        (format!("{subscription}events = \"OnImBotV2Delete\""), (3, 10), "belongs to a bot", "imbot.v2.Bot.register"),
        (format!("{subscription}events = []"), (3, 10), "empty", "connector"),
        (format!("{subscription}type = \"online\""), (2, 1), "has no events", "events ="),
        (
            format!("{subscription}events = \"connector\"\ntype = \"ofline\""),
            (4, 8),
            "`ofline`",
            "did you mean offline?",
        ),
        (format!("{subscription}events = \"connector\"\nauth_user = \"x\""), (4, 13), "not a user id", "auth_user = 1"),
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
        ("[manage]\nignore = \"x\"".to_owned(), (2, 10), "not a list", "ignore = ["),
        ("subscription = 1".to_owned(), (1, 16), "not a list of tables", "[[subscription]]"),
    ] {
        let error = read(&text).expect_err(&text);
        assert_eq!((error.line, error.column), place, "{text}: {error}");
        assert!(error.message.contains(said) && error.hint.contains(hint), "{text}: {error:?}");
    }
}
