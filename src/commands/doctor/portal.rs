//! The checks of the portal, the token, the application and its subscriptions.

use crate::context::{Connection, Context};
use crate::doctor::application::{self, SCOPES, ScopeEvents};
use crate::doctor::subscriptions::{self, Commands, FEATURES, Feature};
use crate::doctor::{Check, Verdict, count, portal};
use crate::error::{Error, Problem};
use crate::output::progress;
use crate::portal::address::PortalAddress;
use crate::portal::batch::{Batch, BatchReply, Key};
use crate::portal::calls::{Events, EventsOf, FeatureGet};
use crate::portal::failure::Failure;
use crate::portal::identity::{Identity, IdentityKeys};
use crate::portal::progress::Progress;
use crate::profiles::SelectedPortal;
use crate::reconcile::read::{View, ViewKeys};

/// The selected portal.
pub(super) enum Access {
    Connected(Box<Connection>),
    NoToken { address: PortalAddress },
}

impl Access {
    pub(super) fn name(&self) -> String {
        match self {
            Self::Connected(connection) => connection.name.clone(),
            Self::NoToken { address } => address.host(),
        }
    }

    pub(super) fn address(&self) -> PortalAddress {
        match self {
            Self::Connected(connection) => connection.portal.address(),
            Self::NoToken { address } => address.clone(),
        }
    }
}

/// What the portal said, as far as other checks need it.
pub(super) struct Answers {
    pub(super) view: View,
    pub(super) identity: Identity,
}

/// Opens the portal and checks it from outside.
pub(super) async fn open(context: &Context) -> Result<(Access, Vec<Check>), Error> {
    let (access, missing) = match context.connect().await {
        Ok(connection) => (Access::Connected(Box::new(connection)), Vec::new()),
        Err(error @ Error::NotAuthorised { .. }) => match context.selection()?.portal.value {
            SelectedPortal::Address { address, .. } => {
                let missing = portal::without_token(&error.to_string(), context.problem(&error).hint);
                (Access::NoToken { address }, missing)
            }
            SelectedPortal::Sandbox => return Err(error),
        },
        Err(error) => return Err(error),
    };
    let address = access.address();
    let progress = progress::observer(context.printer, address.host());
    progress(Progress::Waiting);
    let mut checks = portal::reach(&address, &context.http).await;
    progress(Progress::Answered);
    checks.extend(missing);
    Ok((access, checks))
}

/// The calls of the one batch.
struct Questions {
    view: ViewKeys,
    identity: IdentityKeys,
    events: Key<Events>,
    scopes: [(&'static str, Key<EventsOf>); 2],
    features: [(Feature, Key<FeatureGet>); 2],
}

impl Questions {
    fn add_to(batch: &mut Batch) -> Self {
        let identity = Identity::add_to(batch);
        Self {
            view: View::add_to(batch, identity.profile),
            identity,
            events: batch.add(Events),
            scopes: SCOPES.map(|scope| (scope, batch.add(EventsOf(scope)))),
            features: FEATURES.map(|feature| (feature, batch.add(FeatureGet(feature.code)))),
        }
    }

    /// The answers that must not be missing.
    fn answers(&self, reply: &BatchReply) -> Result<Answers, Failure> {
        Ok(Answers { view: self.view.take(reply)?, identity: self.identity.take(reply)? })
    }
}

/// Asks the portal everything in one batch; `None` if it is unreachable or refuses the token.
pub(super) async fn ask(
    connection: &Connection,
    commands: &Commands,
    context: &Context,
    checks: &mut Vec<Check>,
) -> Result<Option<Answers>, Error> {
    if count(checks, Verdict::Fail) > 0 {
        checks.extend(portal::unreached());
        checks.extend(unasked("the portal was not reached"));
        return Ok(None);
    }
    let mut batch = Batch::new();
    let questions = Questions::add_to(&mut batch);
    let answered = connection.portal.batch(batch).await.and_then(|reply| Ok((questions.answers(&reply)?, reply)));
    let (answers, reply) = match answered {
        Ok(answered) => answered,
        Err(failure @ Failure::Local(_)) => return Err(failure.into()),
        Err(failure) => {
            let hint = Problem::of_failure(&failure, &context.invocation()).hint;
            checks.extend(portal::refused(&failure, hint, &commands.imconn));
            checks.extend(unasked("the portal did not accept the token"));
            return Ok(None);
        }
    };
    let credentials = connection.portal.credentials().await?;
    let scopes = questions.scopes.map(|(scope, key)| ScopeEvents { scope, names: reply.optional(key) });
    checks.extend(portal::accepted(&credentials));
    checks.extend(application::checks(&connection.name, &answers.identity, &credentials, &scopes));
    checks.push(subscriptions::available(reply.optional(questions.events).as_deref(), commands));
    checks.extend(subscriptions::bound(&answers.view, commands));
    for (feature, key) in questions.features {
        checks.push(subscriptions::feature(feature, reply.optional(key), &answers.view));
    }
    Ok(Some(answers))
}

/// What cannot be checked without an answer of the portal.
pub(super) fn unasked(reason: &str) -> Vec<Check> {
    let mut checks = application::skipped(reason);
    checks.extend(subscriptions::skipped(reason));
    checks
}
