//! Many commands in few requests, none of their outcomes lost.

use serde_json::{Map, Value};

use super::Portal;
use super::calls::WrongShape;
use super::failure::Failure;
use super::retry::{Attempts, Replay, command_may_have_happened, is_passing};
use crate::wire::batch::{self, Command, MAX_COMMANDS, Outcome};

/// What became of the commands of a batch.
#[derive(Debug)]
pub struct BatchReply {
    /// One reply a command, in order.
    pub replies: Vec<CommandReply>,
    /// What kept the commands without an answer from having one.
    pub broken: Option<Failure>,
}

/// What became of one command.
#[derive(Debug, Clone, PartialEq)]
pub struct CommandReply {
    /// The result or the refusal; [`Outcome::Missing`] when neither is known.
    pub outcome: Outcome,
    /// Whether it was sent again after an attempt that may have been carried out.
    pub repeated: bool,
}

impl BatchReply {
    /// The decoded result of a command that is good to have; `None` when it is not there.
    pub fn look<T>(&self, index: usize, decode: impl FnOnce(&Value) -> Result<T, WrongShape>) -> Option<T> {
        match self.replies.get(index).map(|reply| &reply.outcome) {
            Some(Outcome::Done(value)) => decode(value).ok(),
            _ => None,
        }
    }

    /// The decoded result of a command that has to have succeeded.
    ///
    /// # Errors
    /// [`Failure`] when it was refused, was not answered, or answered in a shape that `decode` does not know.
    pub fn result<T>(
        &mut self,
        index: usize,
        portal: &Portal,
        decode: impl FnOnce(&Value) -> Result<T, WrongShape>,
    ) -> Result<T, Failure> {
        match self.replies.get(index).map(|reply| &reply.outcome) {
            Some(Outcome::Done(value)) => decode(value).map_err(|error| portal.unreadable(&error.to_string())),
            Some(Outcome::Refused(error)) => Err(Failure::Refused(error.clone())),
            Some(Outcome::Missing) | None => {
                Err(self.broken.take().unwrap_or_else(|| portal.unreadable("a command of the batch was not answered")))
            }
        }
    }
}

impl Portal {
    /// Runs commands in order, 50 to a request. Commands that were refused for a passing reason are repeated alone.
    ///
    /// All commands must be safe to repeat: a lost answer leads to a second request.
    ///
    /// # Errors
    /// [`Failure`] when not one command was answered. Refusals of single commands are in the replies, and what ended
    /// the work in the middle is in [`BatchReply::broken`].
    pub async fn batch(&self, commands: &[Command]) -> Result<BatchReply, Failure> {
        let mut reply = BatchReply { replies: Vec::with_capacity(commands.len()), broken: None };
        for chunk in commands.chunks(MAX_COMMANDS) {
            match self.batch_chunk(chunk, &mut reply.broken).await {
                Ok(replies) => reply.replies.extend(replies),
                Err(failure) if reply.replies.is_empty() => return Err(failure),
                Err(failure) => reply.broken = Some(failure),
            }
            if reply.broken.is_some() {
                break;
            }
        }
        reply.replies.resize(commands.len(), CommandReply { outcome: Outcome::Missing, repeated: false });
        Ok(reply)
    }

    /// Runs commands in order, 50 to a request, and none after the first that is refused: what comes later may count on
    /// what comes before.
    ///
    /// # Errors
    /// As for [`Portal::batch`]. What was not carried out is [`Outcome::Missing`].
    pub async fn batch_until_refused(&self, commands: &[Command]) -> Result<BatchReply, Failure> {
        let mut reply = BatchReply { replies: Vec::with_capacity(commands.len()), broken: None };
        for chunk in commands.chunks(MAX_COMMANDS) {
            let mut attempts = Attempts::new(self.retries, Replay::Safe);
            match self.batch_once(chunk, &mut attempts, batch::encode_halting).await {
                Ok(replies) => reply.replies.extend(replies),
                Err(failure) if reply.replies.is_empty() => return Err(failure),
                Err(failure) => reply.broken = Some(failure),
            }
            if reply.broken.is_some() || reply.replies.iter().any(|reply| !matches!(reply.outcome, Outcome::Done(_))) {
                break;
            }
        }
        reply.replies.resize(commands.len(), CommandReply { outcome: Outcome::Missing, repeated: false });
        Ok(reply)
    }

    async fn batch_chunk(
        &self,
        commands: &[Command],
        broken: &mut Option<Failure>,
    ) -> Result<Vec<CommandReply>, Failure> {
        let mut attempts = Attempts::new(self.retries, Replay::Safe);
        let mut replies = self.batch_once(commands, &mut attempts, batch::encode).await?;
        loop {
            let refused = |i: usize| match &replies[i].outcome {
                Outcome::Refused(error) if is_passing(error) => Some(Failure::Refused(error.clone())),
                _ => None,
            };
            // A method that is blocked for minutes must not keep the others from their next attempt.
            let is_worth = |failure: &Failure, i: usize| self.is_worth_waiting(&attempts, failure, commands[i].method);
            let open: Vec<usize> =
                (0..commands.len()).filter(|&i| refused(i).is_some_and(|failure| is_worth(&failure, i))).collect();
            let Some((first, failure)) = open.first().and_then(|&i| Some((i, refused(i)?))) else { break };
            if !self.pause(&mut attempts, &failure, commands[first].method).await {
                break;
            }
            let again: Vec<Command> = open.iter().map(|&i| commands[i].clone()).collect();
            let answered = match self.batch_once(&again, &mut attempts, batch::encode).await {
                Ok(answered) => answered,
                Err(failure) => {
                    // They may have been carried out now: the refusal from before is no longer what is known of them.
                    for i in open {
                        replies[i].outcome = Outcome::Missing;
                    }
                    *broken = Some(failure);
                    break;
                }
            };
            for (index, mut reply) in open.into_iter().zip(answered) {
                let before = &replies[index];
                let may_have_happened = matches!(&before.outcome, Outcome::Refused(e) if command_may_have_happened(e));
                reply.repeated |= before.repeated || may_have_happened;
                replies[index] = reply;
            }
        }
        Ok(replies)
    }

    async fn batch_once(
        &self,
        commands: &[Command],
        attempts: &mut Attempts,
        encode: fn(&[Command]) -> Map<String, Value>,
    ) -> Result<Vec<CommandReply>, Failure> {
        let sent = self.send("batch", &encode(commands), attempts).await?;
        let unreadable = |member| self.unreadable(&format!("batch without a readable {member}"));
        let outcomes = batch::decode(&sent.answer.result, commands.len()).map_err(unreadable)?;
        for (command, end) in commands.iter().zip(batch::window_ends(&sent.answer.result, commands.len())) {
            if let Some(end) = end {
                self.windows().insert(command.method.to_owned(), end);
            }
        }
        Ok(outcomes.into_iter().map(|outcome| CommandReply { outcome, repeated: sent.repeated }).collect())
    }
}
