//! `imconn sandbox`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Subcommand;

use super::Run;
use crate::context::Context;
use crate::error::Error;
use crate::output::{Field, Message, Output, Record, Report, Stream};
use crate::sandbox::{DEFAULT_HANDLER, Ready, Reset, ServeOptions, tls_acceptor};
use crate::signals::interruption;

/// Try everything without an account, on an embedded portal
///
/// Examples:
///   imconn -p sandbox bind --all  start it inside the command, with its state in the data folder
///   imconn sandbox serve          keep it up for other programs, on 127.0.0.1:8024
///   imconn sandbox serve -o json  print one line with the address and ready-made tokens
///   imconn sandbox reset          remove all bindings, and keep tokens and keys
///
/// `serve` also opens a control address for tests of clients. It speaks JSON:
///
/// | POST /faults | {"kind": KIND, "times": 1, "skip": 0, "method": "event.bind", "after": false} |
/// | GET /faults | faults that have not been used yet; DELETE clears them |
/// | GET /requests | requests so far: method, commands, user, status; DELETE clears them |
/// | POST /app | {"scopes": [...], "installed": false, "return_address": URL, "payment_expired": true, "single_use_refresh": true, "features": [...]} |
/// | POST /events | {"event": "OnAppTest", "data": {...}, "user": 1} adds to the offline queue |
///
/// KIND is one of
///   limit            503 QUERY_LIMIT_EXCEEDED
///   operation-limit  429 OPERATION_TIME_LIMIT
///   server-error     500 INTERNAL_SERVER_ERROR
///   html             a web page with status 200
///   truncate         half of the answer, then the connection closes
///   reset            no answer, the connection is reset
///   delay            the answer comes "seconds" late
///   rename           302 to "to", an https address
///   expired-token    the token of the request has expired
/// A fault hits the next request, or the next one for "method". Limits and server errors also hit a command of that
/// method inside a batch. With "after", the request is carried out before its answer is spoiled.
///
///   curl -d '{"kind": "limit", "times": 2}' http://127.0.0.1:PORT/faults
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment, subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: SandboxCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SandboxCommand {
    /// Keep the portal up for other programs until Ctrl-C
    ///
    /// Examples:
    ///   imconn sandbox serve
    ///   imconn sandbox serve --addr 127.0.0.1:0 -o json  any free port, for a script
    ///   imconn sandbox serve --limits                    with the request limits of a portal
    #[command(verbatim_doc_comment)]
    Serve(ServeArgs),
    /// Remove all bindings and queued events; keep tokens and keys
    ///
    /// Examples:
    ///   imconn sandbox reset
    #[command(verbatim_doc_comment)]
    Reset,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ServeArgs {
    /// Where to listen; port 0 lets the system choose
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8024")]
    pub(crate) addr: SocketAddr,

    /// Where the control address listens
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    pub(crate) control: SocketAddr,

    /// Limit requests as a portal does: 50 at once, then 2 a second
    #[arg(long)]
    pub(crate) limits: bool,

    /// Serve https with this certificate chain (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,

    /// The certificate's private key (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
}

impl Run for Args {
    async fn run(&self, context: &Context) -> Result<Report, Error> {
        match &self.command {
            SandboxCommand::Reset => reset(context),
            SandboxCommand::Serve(args) => args.serve(context).await,
        }
    }

    fn runs_until_stopped(&self) -> bool {
        matches!(self.command, SandboxCommand::Serve(_))
    }

    fn may_have_changed(&self) -> bool {
        false
    }
}

fn reset(context: &Context) -> Result<Report, Error> {
    let text = match context.sandbox()?.reset()? {
        Reset::Emptied => "the sandbox is empty; its tokens and keys are unchanged",
        Reset::Renewed => {
            "the state could not be read, so the sandbox starts over with new tokens and keys; restart `imconn sandbox \
             serve` where it is running"
        }
    };
    Ok(Report::of(Output::Nothing).with_messages(vec![Message::Info(text.to_owned())]))
}

impl ServeArgs {
    /// Ctrl-C is how serving ends, and not a failure. It is listened for before the sandbox is announced.
    async fn serve(&self, context: &Context) -> Result<Report, Error> {
        let (running, ready) = context.sandbox()?.serve(self.options()?).await?;
        let mut stream = Stream::new(context.settings.format, context.printer.terminal());
        let stop = interruption();
        tokio::pin!(stop);
        tokio::select! {
            biased;
            () = &mut stop => {}
            () = std::future::ready(()) => {
                announce(&ready, &mut stream)?;
                stop.await;
            }
        }
        drop(running);
        Ok(Report::of(Output::Nothing))
    }

    fn options(&self) -> Result<ServeOptions, Error> {
        for address in [self.addr, self.control] {
            if !address.ip().is_loopback() {
                let message = format!("refusing to serve tokens on {address}, which other machines can reach");
                return Err(Error::usage(message, "use a loopback address, like 127.0.0.1:8024"));
            }
        }
        let tls = match (&self.tls_cert, &self.tls_key) {
            (Some(certificate), Some(key)) => Some(tls_acceptor(certificate, key)?),
            _ => None,
        };
        Ok(ServeOptions { address: self.addr, control: self.control, limits: self.limits, tls })
    }
}

fn announce(ready: &Ready, stream: &mut Stream) -> Result<(), Error> {
    stream.remark("The sandbox is up. Stop it with Ctrl-C.\n\n")?;
    stream.record(ready)?;
    stream.remark(&advice(ready))
}

impl Record for Ready {
    fn fields(&self) -> Vec<Field> {
        let members = [
            ("url", &self.url),
            ("access_token", &self.access_token),
            ("user_access_token", &self.user_access_token),
            ("refresh_token", &self.refresh_token),
            ("client_id", &self.client_id),
            ("client_secret", &self.client_secret),
            ("application_token", &self.application_token),
            ("oauth_server", &self.oauth_server),
            ("control", &self.control),
        ];
        // The names are the titles: people copy them into programs.
        members.map(|(name, value)| Field::new(name, name, value.as_str())).to_vec()
    }
}

/// Commands to paste.
fn advice(ready: &Ready) -> String {
    let Ready { url, access_token, oauth_server, .. } = ready;
    let is_https = url.starts_with("https");
    let imconn = if is_https { "imconn --ca-cert CA.pem" } else { "imconn" };
    let curl = if is_https { "curl --cacert CA.pem" } else { "curl" };
    format!(
        "
Try it from another terminal:

  {imconn} -p sandbox bind --all
  {imconn} -p sandbox list

Or as any client would:

  export IMCONN_PORTAL={url}
  export IMCONN_ACCESS_TOKEN={access_token}
  export IMCONN_OAUTH_SERVER={oauth_server}
  {imconn} bind --all --handler {DEFAULT_HANDLER}
  {curl} -H 'Authorization: Bearer {access_token}' {url}/rest/event.get
"
    )
}
