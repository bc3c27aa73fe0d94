//! Every environment variable that imconn reads.

/// Name and meaning, in the order in which they are shown.
pub const VARIABLES: [(&str, &str); 18] = [
    ("IMCONN_PORTAL", "the portal: a profile's name, a host, or a URL; as `--portal`"),
    ("IMCONN_ACCESS_TOKEN", "an access token for the portal of IMCONN_PORTAL, used instead of its profile's"),
    ("IMCONN_REFRESH_TOKEN", "renews the access token, together with the next two"),
    ("IMCONN_CLIENT_ID", "the application's client id"),
    ("IMCONN_CLIENT_SECRET", "the application's client secret"),
    ("IMCONN_APPLICATION_TOKEN", "what the portal shows to handlers; `doctor` tests them with it"),
    ("IMCONN_HANDLER", "the handler to bind where `--handler` is not given"),
    ("IMCONN_OAUTH_SERVER", "the auth server, if not the profile's or the vendor's"),
    ("IMCONN_SENDERS_LIST", "the list of addresses that events come from, if not the vendor's"),
    ("IMCONN_OUTPUT", "the output format; as `--output`"),
    ("IMCONN_NO_INPUT", "never prompt, unless empty, 0, false, no or off; as `--no-input`"),
    ("IMCONN_CONFIG_DIR", "the folder of config.toml and the profiles; as `--config-dir`"),
    ("IMCONN_DATA_DIR", "the folder of the sandbox's state, the undo history and crash reports"),
    ("NO_COLOR", "no colours, if not empty"),
    ("CLICOLOR_FORCE", "colours even in a pipe, unless 0"),
    ("HTTPS_PROXY", "the proxy for https; NO_PROXY lists hosts that are reached without it"),
    ("COLUMNS", "the width of tables and help"),
    ("MANPAGER", "the pager of `imconn man`; else PAGER"),
];
