//! `imconn call`.

use serde_json::{Map, Value};

use super::Run;
use super::shared::input;
use crate::context::Context;
use crate::error::{Error, Problem};
use crate::output::{Format, Output, Report};
use crate::portal::retry::Replay;
use crate::wire::batch::Entries;
use crate::wire::envelope::PortalError;
use crate::wire::form;

/// Call any REST method and print its result
///
/// Examples:
///   imconn call app.info
///   imconn call user.get 'filter[ACTIVE]=true' start=50
///   imconn call event.test --json '{"from": "imconn"}'
///   echo '{"cmd": ["scope", "profile"]}' | imconn call batch --json -
///
/// A call whose answer was lost is not repeated, because the portal may have carried it out.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// The REST method
    #[arg(value_name = "METHOD")]
    pub(crate) method: String,

    /// Parameters; nested ones in PHP's bracket notation
    #[arg(value_name = "KEY=VALUE")]
    pub(crate) params: Vec<String>,

    /// Parameters as a JSON object; - reads stdin
    #[arg(long, value_name = "BODY|-", conflicts_with = "params")]
    pub(crate) json: Option<String>,
}

impl Run for Args {
    async fn run(&self, context: &Context) -> Result<Report, Error> {
        check_method(&self.method)?;
        if context.settings.format == Format::Csv {
            let message = "`call` cannot write CSV: a REST result is not tabular";
            return Err(Error::usage(message, "use -o json, jsonl or plain"));
        }
        let params = self.params().await?;
        refuse_tokens(&params)?;
        let connection = context.connect().await?;
        let answer = connection.portal.call(&self.method, &params, Replay::Unsafe).await?;
        let is_batch = self.method.eq_ignore_ascii_case("batch");
        let refused = if is_batch { refused_commands(&answer.result, context) } else { None };
        let report = Report::of(Output::Value(answer.result));
        Ok(match refused {
            Some(error) => report.with_error(error),
            None => report,
        })
    }

    fn runs_until_stopped(&self) -> bool {
        false
    }

    fn may_have_changed(&self) -> bool {
        true
    }
}

impl Args {
    async fn params(&self) -> Result<Map<String, Value>, Error> {
        match self.json.as_deref() {
            Some("-") => parse_body(&input::read_stdin().await?),
            Some(body) => parse_body(body),
            None => {
                let fields = self.params.iter().map(|param| split_param(param)).collect::<Result<Vec<_>, _>>()?;
                form::from_fields(&fields)
                    .map_err(|error| Error::usage(error.to_string(), "use --json for large bodies"))
            }
        }
    }
}

fn check_method(method: &str) -> Result<(), Error> {
    if !method.is_empty() && method.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '_') {
        return Ok(());
    }
    let message = format!("`{}` is not a valid REST method name", method.escape_debug());
    Err(Error::usage(message, "a method looks like event.get"))
}

fn is_token(parameter: &str) -> bool {
    ["auth", "access_token"].iter().any(|name| parameter.eq_ignore_ascii_case(name))
}

/// Other users of this machine can see the command line.
fn refuse_tokens(params: &Map<String, Value>) -> Result<(), Error> {
    if !params.keys().any(|key| is_token(key)) {
        return Ok(());
    }
    let message = "refusing a token as a parameter: other users can see the command line";
    Err(Error::usage(message, "leave it out, and set IMCONN_ACCESS_TOKEN instead"))
}

fn split_param(param: &str) -> Result<(String, String), Error> {
    match param.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => {
            let message = format!("expected KEY=VALUE, found `{}`", param.escape_debug());
            Err(Error::usage(message, "write start=50, or 'filter[ID]=7'"))
        }
    }
}

fn parse_body(text: &str) -> Result<Map<String, Value>, Error> {
    let hint = "write --json '{\"key\": \"value\"}'";
    match serde_json::from_str(text) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(Error::usage("the body is not a JSON object", hint)),
        Err(error) => Err(Error::usage(format!("the body is not valid JSON: {error}"), hint)),
    }
}

/// A batch succeeds whatever became of its commands; a refused one is a partial failure all the same.
fn refused_commands(result: &Value, context: &Context) -> Option<Problem> {
    let errors = Entries::of(result.get("result_error"))?.pairs();
    let (_, first) = errors.first()?;
    let refusal = PortalError::from_json(0, first)?;
    let subject =
        if errors.len() == 1 { "1 command was".to_owned() } else { format!("{} commands were", errors.len()) };
    let message = format!("{subject} refused: {refusal}");
    Some(Problem::of_refusal(&refusal, &context.invocation()).partial(message))
}
