//! `imconn sandbox`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::to_value;

use super::Run;
use crate::context::Context;
use crate::error::Error;
use crate::output::{Format, Message, Output, Report, to_stdout};
use crate::sandbox::{Ready, Reset, Running, ServeOptions, tls_acceptor};
use crate::signals::interruption;

/// The embedded portal: a Bitrix24 stand-in on this machine, to try everything without an account
///
/// Examples:
///   imconn -p sandbox bind --all      starts it inside the command, with its state in the data folder
///   imconn sandbox serve              keeps it up for other programs, on 127.0.0.1:8024
///   imconn sandbox serve -o json      prints one line with the address and ready-made tokens
///   imconn sandbox reset              removes all bindings; tokens and keys stay good
///
/// `serve` also opens a control address, for tests of clients. It takes and gives JSON:
///   POST   /faults    {"kind": KIND, "times": 1, "skip": 0, "method": "event.bind", "after": false}
///   GET    /faults    the faults that wait for their request; DELETE forgets them
///   GET    /requests  what was asked: method, commands, user, status; DELETE forgets it
///   POST   /app       {"scopes": [...], "installed": false, "return_address": URL,
///                     "payment_expired": true, "single_use_refresh": true, "features": [...]}
///   POST   /events    {"event": "OnAppTest", "data": {...}, "user": 1}  into the offline queue
///
/// KIND is one of
///   limit            503 QUERY_LIMIT_EXCEEDED
///   operation-limit  429 OPERATION_TIME_LIMIT
///   server-error     500 INTERNAL_SERVER_ERROR
///   html             a web page with status 200
///   truncate         half of the answer, then the connection ends
///   reset            no answer, the connection is reset
///   delay            the answer comes "seconds" late
///   rename           302 to "to", an https address
///   expired-token    the token of the request has expired
/// A fault hits the next request, or the next of "method"; limits and server errors also hit a command of that
/// method inside a batch. With "after" the request is carried out before its answer is spoilt.
///
///   curl -d '{"kind": "limit", "times": 2}' http://127.0.0.1:PORT/faults
#[derive(Debug, Args)]
#[command(verbatim_doc_comment, subcommand_required = true, arg_required_else_help = true)]
pub struct SandboxArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: SandboxCommand,
}

/// What can be done with the sandbox.
#[derive(Debug, Subcommand)]
pub enum SandboxCommand {
    /// Keep the portal up for other programs until Ctrl-C
    Serve(ServeArgs),
    /// Remove all bindings and queued events; tokens and keys stay good
    Reset,
}

/// How to serve.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Where to listen; port 0 lets the system choose
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8024")]
    pub addr: SocketAddr,

    /// Where the control address listens
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    pub control: SocketAddr,

    /// Refuse requests as a portal does: 50 at once, then 2 a second
    #[arg(long)]
    pub limits: bool,

    /// Serve https with this certificate chain (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,

    /// The certificate's private key (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
}

impl Run for SandboxArgs {
    async fn run(&self, context: &Context) -> Result<Report, Error> {
        run(self, context).await
    }

    fn runs_until_stopped(&self) -> bool {
        matches!(self.command, SandboxCommand::Serve(_))
    }

    fn may_have_changed(&self) -> bool {
        false
    }
}

async fn run(args: &SandboxArgs, context: &Context) -> Result<Report, Error> {
    let sandbox = context.sandbox()?;
    match &args.command {
        SandboxCommand::Reset => {
            let text = match sandbox.reset()? {
                Reset::Emptied => "the sandbox is empty; its tokens and keys are good as before",
                Reset::Renewed => {
                    "the state could not be understood, and the sandbox is new, with new tokens and keys; start `imconn \
                     sandbox serve` again where it is running"
                }
            };
            Ok(Report::of(Output::Nothing).with_messages(vec![Message::Info(text.to_owned())]))
        }
        SandboxCommand::Serve(serve) => {
            let (running, ready) = sandbox.serve(serve.options()?).await?;
            serve_until_stopped(running, &announcement(&ready, context)?).await
        }
    }
}

impl ServeArgs {
    fn options(&self) -> Result<ServeOptions, Error> {
        for address in [self.addr, self.control] {
            if !address.ip().is_loopback() {
                let message =
                    format!("{address} can be reached by others, and the sandbox gives its tokens to anybody");
                return Err(Error::usage(message, "use an address of this machine, like 127.0.0.1:8024"));
            }
        }
        let tls = match (&self.tls_cert, &self.tls_key) {
            (Some(certificate), Some(key)) => Some(tls_acceptor(certificate, key)?),
            _ => None,
        };
        Ok(ServeOptions { address: self.addr, control: self.control, limits: self.limits, tls })
    }
}

/// What to print once the sandbox is up: the one thing that a command writes before its end.
fn announcement(ready: &Ready, context: &Context) -> Result<String, Error> {
    let value = to_value(ready).map_err(anyhow::Error::from)?;
    let facts: Vec<(&String, &str)> =
        value.as_object().into_iter().flatten().map(|(key, fact)| (key, fact.as_str().unwrap_or_default())).collect();
    Ok(match context.settings.format {
        Format::Json | Format::Jsonl => format!("{value}\n"),
        Format::Plain => facts.iter().map(|(key, fact)| format!("{key}\t{fact}\n")).collect(),
        Format::Csv => {
            let line = |cells: Vec<&str>| cells.join(",") + "\n";
            let header = line(facts.iter().map(|(key, _)| key.as_str()).collect());
            header + &line(facts.iter().map(|(_, fact)| *fact).collect())
        }
        Format::Table | Format::Markdown => {
            let facts: String = facts.iter().map(|(key, fact)| format!("{key:<18} {fact}\n")).collect();
            format!("The sandbox is up. Stop it with Ctrl-C.\n\n{facts}{}", advice(ready))
        }
    })
}

/// Commands to paste.
fn advice(ready: &Ready) -> String {
    let (url, token, handler) = (&ready.url, &ready.access_token, crate::sandbox::DEFAULT_HANDLER);
    let (imconn_ca, curl_ca) =
        if url.starts_with("https") { (" --ca-cert CA.pem", " --cacert CA.pem") } else { ("", "") };
    format!(
        "\nTry it from another terminal:\n\n  imconn{imconn_ca} -p sandbox bind --all\n  imconn{imconn_ca} -p sandbox \
         list\n\nOr as any client would:\n\n  export IMCONN_PORTAL={url}\n  export IMCONN_ACCESS_TOKEN={token}\n  \
         imconn{imconn_ca} bind --all --handler {handler}\n  curl{curl_ca} -H 'Authorization: Bearer {token}' \
         {url}/rest/event.get\n",
    )
}

/// Being interrupted is how serving ends, and no failure. It is listened for before anybody is told that the sandbox is
/// up.
async fn serve_until_stopped(running: Running, announcement: &str) -> Result<Report, Error> {
    let stop = interruption();
    tokio::pin!(stop);
    tokio::select! {
        biased;
        () = &mut stop => {}
        () = std::future::ready(()) => {
            to_stdout(announcement)?;
            stop.await;
        }
    }
    drop(running);
    Ok(Report::of(Output::Nothing))
}
