//! Questions of remotes, and who in the stereo answers them. Every one is answered exactly once, and none
//! of them waits for the loop longer than a glance at the state takes.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use protocol::remote::{Answer, FolderPart, MAX_ROWS, PresetEntry, Question, RefusalCode, Row, RowKind};

use crate::catalog::RemoteQuestion;
use crate::catalog::{QueueEntry, QueueQuestion};
use crate::sound::factory_presets;
use crate::state::State;
use crate::view;

/// Questions of all remotes together that may wait; the next one is refused.
const WAITING: usize = 64;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct NoAnswer {
    /// For programs.
    pub code: RefusalCode,
    /// For people.
    pub message: String,
}

impl NoAnswer {
    pub(crate) fn new(code: RefusalCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// Takes the answer, on a thread of the stereo: it must only hand it on.
pub type Reply<A = Answer> = Box<dyn FnOnce(Result<A, NoAnswer>) + Send>;

/// A question on its way. When it is dropped without an answer, the stereo is ending.
pub struct Asked {
    /// What is asked.
    pub(crate) question: Question,
    pub(crate) reply: PendingReply,
}

impl std::fmt::Debug for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Asked").field("question", &self.question).finish_non_exhaustive()
    }
}

/// How many questions wait.
#[derive(Clone, Debug, Default)]
pub(crate) struct Waiting(Arc<AtomicUsize>);

impl Waiting {
    /// A place for one more question, or the refusal at once.
    pub fn admit<A>(&self, reply: Reply<A>) -> Option<PendingReply<A>> {
        let pending = PendingReply { reply: Some(reply), waiting: self.clone() };
        if self.0.fetch_add(1, Ordering::SeqCst) < WAITING {
            return Some(pending);
        }
        pending.answer(Err(NoAnswer::new(RefusalCode::Busy, "The unit is busy: try again in a moment.")));
        None
    }
}

/// The way back of one question.
pub(crate) struct PendingReply<A = Answer> {
    reply: Option<Reply<A>>,
    waiting: Waiting,
}

impl<A> PendingReply<A> {
    pub fn answer(mut self, answer: Result<A, NoAnswer>) {
        if let Some(reply) = self.reply.take() {
            reply(answer);
        }
    }
}

impl<A> Drop for PendingReply<A> {
    fn drop(&mut self) {
        self.waiting.0.fetch_sub(1, Ordering::SeqCst);
        if let Some(reply) = self.reply.take() {
            reply(Err(NoAnswer::new(RefusalCode::Ending, "The unit is ending.")));
        }
    }
}

/// Where a question goes.
pub(crate) enum Route {
    /// It is answered already.
    Answered(Result<Answer, NoAnswer>),
    /// To the catalog.
    Catalog(RemoteQuestion),
    /// To the thread that reads folders.
    Folder(FolderQuestion),
}

/// What a folder holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FolderQuestion {
    pub medium: String,
    pub medium_path: PathBuf,
    pub relative: PathBuf,
    pub from: usize,
    pub limit: usize,
}

/// Looks at the state for what the question needs of it.
pub(crate) fn route(state: &State, question: Question) -> Route {
    match question {
        Question::Rows { view, anchor, limit } => {
            Route::Catalog(RemoteQuestion::Rows { view, anchor, limit: limit.clamp(1, MAX_ROWS) })
        }
        Question::Count { view } => Route::Catalog(RemoteQuestion::Count { view }),
        Question::Search { text, limit } => {
            let text = text.chars().take(200).collect();
            Route::Catalog(RemoteQuestion::Search { text, limit: limit.clamp(1, MAX_ROWS) })
        }
        Question::Queue { from, limit } => {
            Route::Catalog(RemoteQuestion::Queue(queue(state, from, limit.clamp(1, MAX_ROWS))))
        }
        Question::Folder { medium, path, from, limit } => {
            folder(state, medium, &path, from, limit.clamp(1, MAX_ROWS))
        }
        Question::Presets => {
            let own = state.presets.iter().map(|preset| (true, preset));
            let factory = factory_presets().iter().map(|preset| (false, preset));
            let all = own.chain(factory).map(|(own, preset)| PresetEntry { own, preset: preset.clone() });
            Route::Answered(Ok(Answer::Presets(all.collect())))
        }
    }
}

fn queue(state: &State, from: usize, limit: usize) -> QueueQuestion {
    let queue = &state.queue;
    let places = from.min(queue.len())..from.saturating_add(limit).min(queue.len());
    let entry = |place| {
        let item = queue.entry(place)?.item.clone();
        let path = state.path_of(&item);
        let is_read = state.tracks.get(&path).is_some() || item.slice.is_some();
        let row = Row {
            kind: RowKind::Track,
            name: view::title(state, &item),
            artist: view::artist(state, &item),
            path: path.to_str().map(str::to_owned).filter(|_| item.slice.is_none()),
            ..Row::default()
        };
        Some(QueueEntry { item, row, is_read })
    };
    QueueQuestion {
        from: places.start,
        len: queue.len(),
        index: queue.place(),
        revision: queue.revision(),
        entries: places.filter_map(entry).collect(),
    }
}

fn folder(state: &State, medium: String, path: &str, from: usize, limit: usize) -> Route {
    let relative = Path::new(path);
    let is_inside = relative.components().all(|part| matches!(part, Component::Normal(_)));
    match state.media.iter().find(|known| *known.id == *medium) {
        Some(known) if is_inside => Route::Folder(FolderQuestion {
            medium,
            medium_path: known.path.clone(),
            relative: relative.to_path_buf(),
            from,
            limit,
        }),
        _ => {
            let gone = NoAnswer::new(RefusalCode::Changed, "This folder or its medium is no longer there.");
            Route::Answered(Err(gone))
        }
    }
}

impl FolderQuestion {
    /// Reads the folder; takes as long as the medium takes.
    pub fn answer(self) -> Result<Answer, NoAnswer> {
        let folder = self.medium_path.join(&self.relative);
        let entries = library::list_folder(&self.medium_path, &folder)
            .map_err(|error| NoAnswer::new(RefusalCode::Changed, error.to_string()))?;
        let rows = entries.iter().skip(self.from).take(self.limit).map(row).collect();
        Ok(Answer::Folder(FolderPart {
            path: self.relative.to_string_lossy().into_owned(),
            full_path: folder.to_str().map(str::to_owned),
            medium: self.medium,
            from: self.from,
            len: entries.len(),
            rows,
        }))
    }
}

fn row(entry: &library::Entry) -> Row {
    let kind = match entry.kind {
        library::EntryKind::Folder => RowKind::Folder,
        library::EntryKind::Playlist => RowKind::PlaylistFile,
        library::EntryKind::Track => RowKind::Track,
    };
    Row { kind, name: entry.name.clone(), path: entry.path.to_str().map(str::to_owned), ..Row::default() }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    fn reply() -> (Reply, mpsc::Receiver<Result<Answer, NoAnswer>>) {
        let (sender, answers) = mpsc::channel();
        (Box::new(move |answer| drop(sender.send(answer))), answers)
    }

    #[test]
    fn a_flood_is_refused_and_places_come_back() {
        let waiting = Waiting::default();
        let admitted: Vec<_> = (0..WAITING).map(|_| waiting.admit(reply().0).unwrap()).collect();
        let (one_more, answers) = reply();
        assert!(waiting.admit(one_more).is_none());
        assert_eq!(answers.recv().unwrap().unwrap_err().code, RefusalCode::Busy);
        drop(admitted);
        let (again, answers) = reply();
        waiting.admit(again).unwrap().answer(Ok(Answer::Count(3)));
        assert_eq!(answers.recv().unwrap(), Ok(Answer::Count(3)));
        assert_eq!(waiting.0.load(Ordering::SeqCst), 0);
    }

    #[test]
    fn a_question_that_is_dropped_is_answered() {
        let (reply, answers) = reply();
        drop(Waiting::default().admit(reply));
        assert_eq!(answers.recv().unwrap().unwrap_err().code, RefusalCode::Ending);
    }

    #[test]
    fn folders_outside_a_medium_are_not_read() {
        let mut state = State::new();
        let medium = crate::state::Medium { id: "id".into(), name: "Stick".into(), path: "/m".into() };
        state.media.push(medium);
        for (medium, path) in [("id", "../etc"), ("id", "/etc"), ("other", ""), ("id", "a/../..")] {
            let route = folder(&state, medium.into(), path, 0, 10);
            assert!(matches!(route, Route::Answered(Err(NoAnswer { code: RefusalCode::Changed, .. }))));
        }
        assert!(matches!(folder(&state, "id".into(), "a/b", 0, 10), Route::Folder(_)));
    }
}
