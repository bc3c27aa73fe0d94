//! `imconn call`.

use std::io::Read as _;

use anyhow::Context as _;
use clap::Args;
use serde_json::{Map, Value};

use super::Run;
use crate::context::Context;
use crate::error::{Error, Problem};
use crate::output::{Format, Output, Report};
use crate::portal::retry::Replay;
use crate::wire::batch::Entries;
use crate::wire::envelope::PortalError;
use crate::wire::form;

/// Longest body that is read from stdin, in bytes.
const MAX_INPUT: u64 = 8 << 20;

/// Call any REST method and print its result
///
/// Examples:
///   imconn call app.info
///   imconn call user.get 'filter[ACTIVE]=true' start=50
///   imconn call event.bind --json '{"event": "OnAppTest", "handler": "https://bot.example.com/b24"}'
///   echo '{"cmd": ["scope", "profile"]}' | imconn call batch --json -
///
/// A call whose answer was lost is not repeated: the portal may have carried it out.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct CallArgs {
    /// The REST method
    #[arg(value_name = "METHOD")]
    pub method: String,

    /// Parameters, with PHP's brackets for nested ones
    #[arg(value_name = "KEY=VALUE")]
    pub params: Vec<String>,

    /// Parameters as a JSON object; - reads them from stdin
    #[arg(long, value_name = "BODY|-", conflicts_with = "params")]
    pub json: Option<String>,
}

impl Run for CallArgs {
    async fn run(&self, context: &Context) -> Result<Report, Error> {
        run(self, context).await
    }

    fn runs_until_stopped(&self) -> bool {
        false
    }

    fn may_have_changed(&self) -> bool {
        true
    }
}

async fn run(args: &CallArgs, context: &Context) -> Result<Report, Error> {
    let well_formed = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '_';
    if args.method.is_empty() || !args.method.chars().all(well_formed) {
        return Err(Error::usage("that is not the name of a REST method", "a method looks like event.get"));
    }
    if context.settings.format == Format::Csv {
        let message = "the answer of a method is no table, so it cannot be written as csv";
        return Err(Error::usage(message, "use -o json, jsonl or plain"));
    }
    let params = args.params().await?;
    let is_token = |key: &String| ["auth", "access_token"].iter().any(|name| key.eq_ignore_ascii_case(name));
    if params.keys().any(is_token) {
        let hint = "leave it out; put the token into IMCONN_ACCESS_TOKEN";
        return Err(Error::usage("a token on the command line can be seen by others", hint));
    }
    let connection = context.connect().await?;
    let answer = connection.portal.call(&args.method, &params, Replay::Unsafe).await?;
    let refused =
        if args.method.eq_ignore_ascii_case("batch") { refused_commands(&answer.result, context) } else { None };
    let report = Report::of(Output::Value(answer.result));
    Ok(match refused {
        Some(error) => report.with_error(error),
        None => report,
    })
}

/// A batch answers well whatever became of its commands: a refused one is a partial failure all the same.
fn refused_commands(result: &Value, context: &Context) -> Option<Problem> {
    let errors = Entries::of(result.get("result_error"))?.pairs();
    let (_, first) = errors.first()?;
    let refusal = PortalError::from_json(0, first)?;
    let message = format!("{} of the commands were refused: {refusal}", errors.len());
    Some(Problem::of_refusal(&refusal, &context.invocation()).partial(message))
}

impl CallArgs {
    async fn params(&self) -> Result<Map<String, Value>, Error> {
        let Some(json) = &self.json else {
            let field = |param: &String| {
                let (key, value) = param.split_once('=').filter(|(key, _)| !key.is_empty()).ok_or_else(|| {
                    Error::usage(
                        format!("`{}` is no KEY=VALUE", param.escape_debug()),
                        "write start=50, or 'filter[ID]=7'",
                    )
                })?;
                Ok((key.to_owned(), value.to_owned()))
            };
            let fields = self.params.iter().map(field).collect::<Result<Vec<_>, Error>>()?;
            return form::from_fields(&fields)
                .map_err(|error| Error::usage(error.to_string(), "use --json for large bodies"));
        };
        let text = if json == "-" {
            // Reading blocks, and Ctrl-C has to work meanwhile.
            tokio::task::spawn_blocking(read_stdin).await.map_err(anyhow::Error::from)??
        } else {
            json.clone()
        };
        match serde_json::from_str(&text) {
            Ok(Value::Object(members)) => Ok(members),
            Ok(_) => Err(Error::usage("the body is JSON, but no object", "write --json '{\"key\": \"value\"}'")),
            Err(error) => {
                Err(Error::usage(format!("the body is no JSON: {error}"), "write --json '{\"key\": \"value\"}'"))
            }
        }
    }
}

fn read_stdin() -> Result<String, Error> {
    let mut text = String::new();
    let read = std::io::stdin().lock().take(MAX_INPUT + 1).read_to_string(&mut text).context("cannot read stdin")?;
    if read as u64 > MAX_INPUT {
        return Err(Error::usage("the body on stdin is longer than 8 MiB", "a portal would not take it"));
    }
    Ok(text)
}
