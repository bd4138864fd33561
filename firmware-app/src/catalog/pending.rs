//! What the catalog thread was asked and has not begun. Answers nobody waits for any more are not made.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::RemoteQuestion;
use crate::asking::PendingReply;
use crate::songs::{SongAnswer, SongTask};
use crate::state::{CatalogRequest, Medium};

/// Pages kept waiting; the oldest are those that were scrolled past.
const PAGES: usize = 24;
/// Everything else that is kept waiting; more is the work of a broken remote.
const OTHERS: usize = 64;
/// Plays are counted in one go after this much quiet.
const QUIET: Duration = Duration::from_secs(20);

/// What is next.
pub(super) enum Next {
    Media(Vec<Medium>),
    IndexChanged,
    Request(CatalogRequest),
    Remote(RemoteAsk),
    /// Nothing for a while.
    Idle,
    Quit,
}

/// A remote's question. How many there are is bounded where they are admitted.
pub(super) enum RemoteAsk {
    Rows { question: RemoteQuestion, reply: PendingReply },
    Songs { task: SongTask, reply: PendingReply<SongAnswer> },
}

/// The letter box.
#[derive(Default)]
pub(super) struct Pending {
    waiting: Mutex<Waiting>,
    wake: Condvar,
}

#[derive(Default)]
struct Waiting {
    media: Option<Vec<Medium>>,
    is_index_changed: bool,
    pages: VecDeque<CatalogRequest>,
    search: Option<CatalogRequest>,
    others: VecDeque<CatalogRequest>,
    remotes: VecDeque<RemoteAsk>,
    quit: bool,
}

impl Waiting {
    fn put(&mut self, request: CatalogRequest) {
        match request {
            CatalogRequest::Page { .. } | CatalogRequest::Count { .. } => {
                self.pages.push_back(request);
                if self.pages.len() > PAGES {
                    self.pages.pop_front();
                }
            }
            CatalogRequest::Search { .. } => self.search = Some(request),
            CatalogRequest::IsFavourite { .. } => {
                self.others.retain(|other| !matches!(other, CatalogRequest::IsFavourite { .. }));
                self.others.push_back(request);
            }
            _ => self.others.push_back(request),
        }
        if self.others.len() > OTHERS {
            tracing::warn!("the catalog is asked more than it can answer");
            self.others.pop_back();
        }
    }

    /// Media first, so that nothing that is gone is shown; then what plays or is changed, then what is
    /// looked at, on the unit before elsewhere.
    fn take(&mut self) -> Option<Next> {
        if let Some(media) = self.media.take() {
            return Some(Next::Media(media));
        }
        let other = self.others.pop_front().or_else(|| self.search.take());
        if let Some(request) = other.or_else(|| self.pages.pop_front()) {
            return Some(Next::Request(request));
        }
        if let Some(ask) = self.remotes.pop_front() {
            return Some(Next::Remote(ask));
        }
        std::mem::take(&mut self.is_index_changed).then_some(Next::IndexChanged)
    }
}

impl Pending {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Waiting)) {
        change(&mut self.lock());
        self.wake.notify_one();
    }

    pub fn put(&self, request: CatalogRequest) {
        self.change(|waiting| waiting.put(request));
    }

    pub fn put_remote(&self, ask: RemoteAsk) {
        self.change(|waiting| waiting.remotes.push_back(ask));
    }

    pub fn set_media(&self, media: Vec<Medium>) {
        self.change(|waiting| waiting.media = Some(media));
    }

    pub fn index_changed(&self) {
        self.change(|waiting| waiting.is_index_changed = true);
    }

    pub fn quit(&self) {
        self.change(|waiting| waiting.quit = true);
    }

    /// Waits for what is next. Edits that were asked for are done before the end.
    pub fn next(&self, has_work_when_idle: bool) -> Next {
        let mut waiting = self.lock();
        loop {
            if waiting.quit {
                let edit = waiting.others.iter().position(|other| {
                    matches!(other, CatalogRequest::Edit(_) | CatalogRequest::Played { .. })
                });
                let edit = edit.and_then(|at| waiting.others.remove(at));
                return edit.map_or(Next::Quit, Next::Request);
            }
            if let Some(next) = waiting.take() {
                return next;
            }
            if !has_work_when_idle {
                waiting = self.wake.wait(waiting).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let (woken, timeout) =
                self.wake.wait_timeout(waiting, QUIET).unwrap_or_else(PoisonError::into_inner);
            waiting = woken;
            if timeout.timed_out() {
                return Next::Idle;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::Edit;
    use protocol::ViewRef;

    fn count(request: u64) -> CatalogRequest {
        CatalogRequest::Count { request, view: ViewRef::Albums }
    }

    #[test]
    fn what_is_obsolete_is_not_answered_and_edits_are_never_lost() {
        let mut waiting = Waiting::default();
        for request in 0..100 {
            waiting.put(count(request));
            waiting.put(CatalogRequest::Search { request, text: "x".into(), limit: 9 });
        }
        let delete = CatalogRequest::Edit(Edit::Delete { playlist: 1 });
        waiting.put(delete.clone());
        let mut order = Vec::new();
        while let Some(Next::Request(request)) = waiting.take() {
            order.push(request);
        }
        assert_eq!(order.len(), 2 + PAGES);
        assert_eq!(order[0], delete);
        assert!(matches!(order[1], CatalogRequest::Search { request: 99, .. }));
        assert_eq!(order.last(), Some(&count(99)));
        let pending = Pending::default();
        pending.put(count(1));
        pending.put(delete.clone());
        pending.quit();
        assert!(matches!(pending.next(false), Next::Request(request) if request == delete));
        assert!(matches!(pending.next(false), Next::Quit));
    }

    #[test]
    fn a_flood_is_bounded() {
        let mut waiting = Waiting::default();
        for playlist in 0..1000 {
            waiting.put(CatalogRequest::Edit(Edit::Delete { playlist }));
        }
        assert_eq!(waiting.others.len(), OTHERS);
    }
}
