//! The choice of a portal, a handler and tokens: examples, and the rule that credentials never cross portals.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::output::Format;
use crate::profiles::config::Config;
use crate::settings::Environment;
use crate::store::folders::Folders;

/// Profiles `alpha`, `beta` and `bare`; only the last has no tokens.
fn profiles(config: Config) -> Profiles {
    let mut config = config;
    let bare = PortalConfig { host: Some("bare.example".into()), ..PortalConfig::default() };
    config.portals.entry("bare".into()).or_insert(bare);
    let stored = ["alpha", "beta"].map(|name| (name.to_owned(), stored(name)));
    Profiles::of(config, BTreeMap::from(stored))
}

fn stored(name: &str) -> StoredProfile {
    StoredProfile {
        host: format!("{name}.example"),
        member_id: None,
        access_token: Secret::new(format!("token of {name}")),
        refresh_token: None,
        expires: None,
        refresh_expires: None,
        oauth_server: Some(format!("https://oauth.{name}.example/")),
        client_id: None,
        client_secret: None,
        application_token: Some(Secret::new(format!("application token of {name}"))),
        unverified_application_token: None,
        scopes: Vec::new(),
        user_id: None,
    }
}

/// `--portal`, `IMCONN_PORTAL`, and whether `IMCONN_ACCESS_TOKEN` is set.
fn settings(option: Option<&str>, variable: Option<&str>, has_token: bool) -> Settings {
    Settings {
        portal: option.or(variable).map(str::to_owned),
        format: Format::default(),
        verbose: 0,
        no_input: true,
        timeout: Duration::from_secs(1),
        retries: 0,
        ca_cert: None,
        print_tokens_to: None,
        folders: Folders::default(),
        oauth_server: None,
        senders_list: None,
        environment: Environment {
            portal: variable.map(str::to_owned),
            access_token: has_token.then(|| Secret::new("token of the environment")),
            ..Environment::default()
        },
    }
}

fn choose(settings: &Settings) -> Selection {
    select(settings, &profiles(Config::default()), None).expect("a choice")
}

/// Whose tokens were chosen, and the host that gets them.
fn tokens(selection: &Selection) -> (String, Option<String>) {
    let owner = match &selection.tokens.value {
        SelectedTokens::Environment(_) => "environment".to_owned(),
        SelectedTokens::Stored(stored) => stored.host.clone(),
        other => format!("{other:?}"),
    };
    let host = match &selection.portal.value {
        SelectedPortal::Address { address, .. } => Some(address.host()),
        SelectedPortal::Sandbox => None,
    };
    (owner, host)
}

fn owner(selection: &Selection) -> String {
    tokens(selection).0
}

#[test]
fn tokens_of_the_environment_belong_to_the_portal_of_the_variable() {
    assert_eq!(owner(&choose(&settings(None, Some("alpha"), true))), "environment");
    assert_eq!(owner(&choose(&settings(Some("beta"), Some("alpha"), true))), "beta.example");
    assert_eq!(owner(&choose(&settings(Some("alpha"), Some("alpha"), true))), "environment");
    let refused = choose(&settings(Some("other.example"), Some("alpha"), true));
    assert_eq!((owner(&refused), refused.unused_environment), ("None".into(), Some(Unused::BelongsTo("alpha".into()))));
    assert_eq!(owner(&choose(&settings(Some("bare"), Some("alpha"), true))), "None");
}

#[test]
fn without_the_variable_they_belong_to_the_option_unless_its_profile_has_tokens() {
    assert_eq!(owner(&choose(&settings(Some("bare"), None, true))), "environment");
    assert_eq!(owner(&choose(&settings(Some("new.example"), None, true))), "environment");
    let own = choose(&settings(Some("alpha"), None, true));
    assert_eq!(
        (owner(&own), own.unused_environment),
        ("alpha.example".into(), Some(Unused::ProfileHasTokens("alpha".into())))
    );
    let by_default = Config { portal: Some("alpha".into()), ..Config::default() };
    let selection = select(&settings(None, None, true), &profiles(by_default), None).expect("a choice");
    assert_eq!((owner(&selection), selection.unused_environment), ("alpha.example".into(), Some(Unused::NoPortal)));
    assert_eq!(selection.portal.source, Source::Config);
}

#[test]
fn one_portal_under_two_names_is_one_owner() {
    assert_eq!(owner(&choose(&settings(Some("https://new.example/"), Some("new.example"), true))), "environment");
    assert_eq!(owner(&choose(&settings(Some("alpha.example"), Some("alpha"), true))), "environment");
}

#[test]
fn an_address_selects_the_profile_that_is_there() {
    let selection = choose(&settings(Some("beta.example"), None, false));
    assert_eq!((selection.name().as_str(), owner(&selection)), ("beta", "beta.example".into()));
    assert_eq!(selection.portal.source, Source::Option("--portal"));
    assert_eq!(selection.tokens.source, Source::Profile("beta".into()));
    let server = selection.oauth_server.expect("an auth server");
    assert_eq!((server.value.as_str(), server.source), ("https://oauth.beta.example/", Source::Profile("beta".into())));
}

#[test]
fn handlers_are_looked_up_in_order() {
    let text = |handler: &str| Some(handler.to_owned());
    let own = PortalConfig { handler: text("own"), ..PortalConfig::default() };
    let config = Config { handler: text("all"), portals: BTreeMap::from([("alpha".into(), own)]), ..Config::default() };
    let profiles = profiles(config);
    let mut settings = settings(Some("alpha"), None, false);
    let mut handler = |variable: Option<&str>, manifest, portal: &str| {
        settings.environment.handler = variable.map(str::to_owned);
        settings.portal = Some(portal.to_owned());
        select(&settings, &profiles, manifest).expect("a choice").handler.expect("a handler")
    };
    assert_eq!(handler(Some("v"), Some("m"), "alpha"), Chosen::new("v".into(), Source::Environment("IMCONN_HANDLER")));
    assert_eq!(handler(None, Some("m"), "alpha"), Chosen::new("m".into(), Source::Manifest));
    assert_eq!(handler(None, None, "alpha"), Chosen::new("own".into(), Source::Profile("alpha".into())));
    assert_eq!(handler(None, None, "beta"), Chosen::new("all".into(), Source::Config));
    assert_eq!(
        choose(&self::settings(Some(SANDBOX), None, false)).handler.map(|handler| handler.source),
        Some(Source::Default)
    );
}

#[test]
fn a_foreign_application_token_is_not_shown_to_another_portals_handlers() {
    let application_token = |option, variable| {
        let mut settings = settings(option, variable, true);
        settings.environment.application_token = Some(Secret::new("of the environment"));
        choose(&settings).application_token.map(|token| token.source)
    };
    assert_eq!(application_token(Some("beta"), Some("alpha")), Some(Source::Profile("beta".into())));
    assert_eq!(application_token(Some("bare"), Some("alpha")), None);
    assert_eq!(application_token(None, Some("alpha")), Some(Source::Environment("IMCONN_APPLICATION_TOKEN")));
    assert_eq!(application_token(Some("bare"), None), Some(Source::Environment("IMCONN_APPLICATION_TOKEN")));
}

fn portal() -> impl Strategy<Value = Option<&'static str>> {
    let names = ["alpha", "beta", "bare", "alpha.example", "https://beta.example", "other.example", SANDBOX];
    proptest::option::of(proptest::sample::select(names.to_vec()))
}

/// The host behind a name or an address.
fn host(portal: &str) -> String {
    let address = if portal.contains('.') { portal.to_owned() } else { format!("{portal}.example") };
    PortalAddress::parse(&address).expect("an address").host()
}

proptest! {
    #[test]
    fn credentials_never_cross_portals(option in portal(), variable in portal(), has_token in any::<bool>()) {
        let Ok(selection) = select(&settings(option, variable, has_token), &profiles(Config::default()), None) else {
            return Ok(());
        };
        match (tokens(&selection), variable) {
            ((owner, Some(selected)), Some(variable)) if owner == "environment" => prop_assert_eq!(selected, host(variable)),
            ((owner, Some(selected)), None) if owner == "environment" => {
                prop_assert_eq!(Some(selected), option.map(host));
                prop_assert!(!["alpha", "beta"].contains(&option.unwrap_or_default()));
            }
            ((owner, Some(selected)), _) if owner != "None" => prop_assert_eq!(owner, selected),
            _ => {}
        }
    }
}
