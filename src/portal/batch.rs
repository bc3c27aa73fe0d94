//! Batches: many calls in few requests, no outcome lost. A key remembers the type of each call's answer.

use std::marker::PhantomData;

use super::Portal;
use super::calls::{Call, WrongShape};
use super::failure::{Failure, ServerName};
use super::retry::{Attempts, Replay, command_may_have_happened, is_temporary};
use crate::wire::batch::{self, Command, Outcome as RawOutcome};
use crate::wire::code::ErrorCode;
use crate::wire::envelope::PortalError;

/// Calls to make in order, 50 to a request.
///
/// All of them must be safe to repeat: a lost answer leads to a second request.
pub(crate) struct Batch {
    commands: Vec<Command>,
    halts: bool,
}

/// Finds the outcome of one call of a batch.
pub(crate) struct Key<C> {
    index: usize,
    call: PhantomData<fn() -> C>,
}

impl<C> Clone for Key<C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C> Copy for Key<C> {}

impl Batch {
    /// A batch that goes on after a refusal. Commands refused for a temporary reason are repeated alone.
    pub(crate) fn new() -> Self {
        Self { commands: Vec::new(), halts: false }
    }

    /// A batch that stops at the first refusal: later calls may depend on earlier ones.
    pub(crate) fn halting() -> Self {
        Self { commands: Vec::new(), halts: true }
    }

    pub(crate) fn add<C: Call>(&mut self, call: C) -> Key<C> {
        self.commands.push(call.command());
        Key { index: self.commands.len() - 1, call: PhantomData }
    }

    pub(crate) fn add_all<C: Call>(&mut self, calls: impl IntoIterator<Item = C>) -> Vec<Key<C>> {
        calls.into_iter().map(|call| self.add(call)).collect()
    }
}

/// What became of the calls of a batch.
#[derive(Debug)]
pub(crate) struct BatchReply {
    server: ServerName,
    /// One for each call, in order.
    answers: Vec<CommandAnswer>,
    /// What kept the calls without an answer from getting one.
    aborted_by: Option<Failure>,
}

#[derive(Debug, Clone)]
struct CommandAnswer {
    outcome: RawOutcome,
    /// Whether it was sent again after an attempt that may have been carried out.
    retried: bool,
}

/// What became of one call.
#[derive(Debug)]
pub(crate) enum Outcome<'a, T> {
    Done(T),
    Refused(&'a PortalError),
    /// Carried out or not, the answer has an unexpected shape.
    Unreadable(WrongShape),
    /// Neither a result nor a refusal arrived, for this reason if one is known.
    NotAnswered(Option<&'a Failure>),
}

impl BatchReply {
    /// The answer to a call that must have succeeded.
    pub(crate) fn take<C: Call>(&self, key: Key<C>) -> Result<C::Answer, Failure> {
        match self.outcome(key) {
            Outcome::Done(answer) => Ok(answer),
            Outcome::Refused(error) => Err(Failure::Refused(error.clone())),
            Outcome::Unreadable(wrong) => Err(self.unexpected(wrong.to_string())),
            Outcome::NotAnswered(Some(reason)) => Err(reason.clone()),
            Outcome::NotAnswered(None) => Err(self.unexpected("a command of the batch was not answered".to_owned())),
        }
    }

    fn unexpected(&self, problem: String) -> Failure {
        Failure::UnexpectedResult { server: self.server.clone(), problem }
    }

    /// The answer to a call that is good to have.
    pub(crate) fn optional<C: Call>(&self, key: Key<C>) -> Option<C::Answer> {
        match self.outcome(key) {
            Outcome::Done(answer) => Some(answer),
            _ => None,
        }
    }

    pub(crate) fn outcome<C: Call>(&self, key: Key<C>) -> Outcome<'_, C::Answer> {
        match &self.answers[key.index].outcome {
            RawOutcome::Done(result) => match C::decode(result) {
                Ok(answer) => Outcome::Done(answer),
                Err(wrong) => Outcome::Unreadable(wrong),
            },
            RawOutcome::Refused(error) => Outcome::Refused(error),
            RawOutcome::Missing => Outcome::NotAnswered(self.aborted_by.as_ref()),
        }
    }

    /// Whether the call was sent again after an attempt that may have been carried out.
    pub(crate) fn was_retried<C>(&self, key: Key<C>) -> bool {
        self.answers[key.index].retried
    }

    /// Whether any call was sent again after an attempt that may have been carried out.
    pub(crate) fn any_retried(&self) -> bool {
        self.answers.iter().any(|answer| answer.retried)
    }

    pub(crate) fn any_refused(&self) -> bool {
        self.answers.iter().any(|answer| matches!(answer.outcome, RawOutcome::Refused(_)))
    }

    /// What ended the batch before all calls were answered.
    pub(crate) fn aborted_by(&self) -> Option<&Failure> {
        self.aborted_by.as_ref()
    }
}

impl CommandAnswer {
    fn missing() -> Self {
        Self { outcome: RawOutcome::Missing, retried: false }
    }

    fn is_done(&self) -> bool {
        matches!(self.outcome, RawOutcome::Done(_))
    }

    /// The refusal, if another attempt can succeed.
    fn temporary_refusal(&self) -> Option<&PortalError> {
        match &self.outcome {
            RawOutcome::Refused(error) if is_temporary(error) => Some(error),
            _ => None,
        }
    }

    fn replace_by(&mut self, newer: Self) {
        let may_have_happened = matches!(&self.outcome, RawOutcome::Refused(error) if command_may_have_happened(error));
        self.retried |= newer.retried || may_have_happened;
        self.outcome = newer.outcome;
    }
}

/// The answers to one request and its retries.
struct Chunk {
    answers: Vec<CommandAnswer>,
    aborted_by: Option<Failure>,
}

impl Portal {
    /// Fails when not one call was answered. Refusals of single calls are in the reply, and so is what ended the batch in
    /// the middle.
    pub(crate) async fn batch(&self, batch: Batch) -> Result<BatchReply, Failure> {
        let Batch { commands, halts } = batch;
        let mut reply = BatchReply { server: self.server(), answers: Vec::new(), aborted_by: None };
        for commands in batch::requests(&commands) {
            match self.batch_chunk(commands, halts).await {
                Ok(chunk) => {
                    reply.answers.extend(chunk.answers);
                    reply.aborted_by = chunk.aborted_by;
                }
                Err(failure) if reply.answers.is_empty() => return Err(failure),
                Err(failure) => reply.aborted_by = Some(failure),
            }
            if reply.aborted_by.is_some() || halts && !reply.answers.iter().all(CommandAnswer::is_done) {
                break;
            }
        }
        reply.answers.resize(commands.len(), CommandAnswer::missing());
        Ok(reply)
    }

    async fn batch_chunk(&self, commands: &[Command], halts: bool) -> Result<Chunk, Failure> {
        let mut attempts = Attempts::new(self.retries, Replay::Safe);
        let answers = self.send_batch(commands, halts, &mut attempts).await?;
        let mut chunk = Chunk { answers, aborted_by: None };
        // After a halt it is the caller who knows what may still be done.
        while !halts && chunk.aborted_by.is_none() && self.repeat_refused(commands, &mut chunk, &mut attempts).await {}
        Ok(chunk)
    }

    /// Sends the commands again that were refused for a temporary reason; false if none were, or time is up.
    async fn repeat_refused(&self, commands: &[Command], chunk: &mut Chunk, attempts: &mut Attempts) -> bool {
        let mut open: Vec<usize> = Vec::new();
        let mut reason = None;
        for (i, answer) in chunk.answers.iter().enumerate() {
            let Some(refusal) = answer.temporary_refusal() else { continue };
            let failure = Failure::Refused(refusal.clone());
            // A method that is blocked for minutes must not keep the others from their next attempt.
            if attempts.has_time_for(&failure, self.window_end(commands[i].method)) {
                open.push(i);
                reason.get_or_insert((failure, commands[i].method));
            }
        }
        let Some((failure, method)) = reason else { return false };
        let Some(delay) = attempts.next(&failure, self.window_end(method)) else { return false };
        self.report_retry(&failure, delay);
        tokio::time::sleep(delay).await;
        let again: Vec<Command> = open.iter().map(|&i| commands[i].clone()).collect();
        match self.send_batch(&again, false, attempts).await {
            Ok(answers) => {
                for (i, newer) in open.into_iter().zip(answers) {
                    chunk.answers[i].replace_by(newer);
                }
            }
            Err(failure) => {
                // They may have been carried out now: the earlier refusal no longer tells their state.
                for i in open {
                    chunk.answers[i].outcome = RawOutcome::Missing;
                }
                chunk.aborted_by = Some(failure);
            }
        }
        true
    }

    async fn send_batch(
        &self,
        commands: &[Command],
        halts: bool,
        attempts: &mut Attempts,
    ) -> Result<Vec<CommandAnswer>, Failure> {
        let params = if halts { batch::encode_halting(commands) } else { batch::encode(commands) };
        let sent = self.send("batch", &params, attempts).await?;
        let result = &sent.answer.result;
        let outcomes = batch::decode(result, commands.len()).map_err(|member| Failure::UnexpectedResult {
            server: self.server(),
            problem: format!("unexpected answer to batch: `{member}` is missing or has the wrong type"),
        })?;
        for (command, end) in commands.iter().zip(batch::window_ends(result, commands.len())) {
            self.remember_window(command.method, end);
        }
        if outcomes.iter().any(is_over_limit) {
            self.slow_down();
        }
        Ok(outcomes.into_iter().map(|outcome| CommandAnswer { outcome, retried: sent.repeated }).collect())
    }
}

/// Whether the portal's bucket is full.
fn is_over_limit(outcome: &RawOutcome) -> bool {
    matches!(outcome, RawOutcome::Refused(error) if error.code == ErrorCode::QueryLimitExceeded)
}
