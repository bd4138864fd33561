//! The phones that were let in: recognised by their tokens, kept by the store.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use protocol::remote::Role;
use subtle::ConstantTimeEq;
use tokio::sync::oneshot;

use super::config::RemoteError;
use super::secret;
use crate::remote_desk::Phone;
use crate::store::{PhoneRow, Phones};

/// More phones than this are not let in.
pub(crate) const MOST: usize = 32;
/// Longest name, characters.
const NAME_LENGTH: usize = 40;
/// When phones were seen last is written at most this often, to spare the card.
const SEEN_WRITTEN: Duration = Duration::from_secs(600);

/// Writes phones and says whether they are on the disk.
pub(crate) type Keep = Arc<dyn Fn(Phones, Box<dyn FnOnce(bool) + Send>) + Send + Sync>;

/// A phone as a request comes from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub id: u64,
    pub name: String,
    pub role: Role,
}

/// Why a phone cannot be kept.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotKept {
    /// One must be forgotten first.
    #[error("{MOST} phones are known already: forget one first")]
    Full,
    /// The disk refuses.
    #[error("the phone cannot be stored")]
    NotStored,
    #[error(transparent)]
    Random(#[from] RemoteError),
}

/// All phones.
pub(crate) struct PhoneBook {
    book: Mutex<Book>,
    keep: Keep,
}

struct Book {
    all: Phones,
    /// Somebody was seen since it was written.
    seen: bool,
    written: Instant,
}

impl PhoneBook {
    /// The phones as they were stored. A unit without an identity gets one.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub fn new(mut all: Phones, keep: Keep) -> Result<Self, RemoteError> {
        let is_new = all.unit_id.is_empty();
        if is_new {
            all.unit_id = secret::hex(&secret::random::<16>()?);
        }
        let book = Self { book: Mutex::new(Book { all, seen: false, written: Instant::now() }), keep };
        if is_new {
            book.write(&mut book.lock());
        }
        Ok(book)
    }

    /// Which unit this is.
    pub fn unit_id(&self) -> String {
        self.lock().all.unit_id.clone()
    }

    /// Whose token this is.
    pub fn whose(&self, token: &str) -> Option<Member> {
        let fingerprint = secret::fingerprint(token);
        let book = self.lock();
        let mut found = None;
        // All are compared, so that time tells nothing about which.
        for row in &book.all.phones {
            if row.token_sha256.ct_eq(&fingerprint).into() {
                found = Some(row);
            }
        }
        found.map(|row| Member { id: row.id, name: row.name.clone(), role: row.role })
    }

    pub fn is_known(&self, id: u64) -> bool {
        self.lock().all.phones.iter().any(|row| row.id == id)
    }

    /// Adds a phone and gives its token, once it is on the disk.
    ///
    /// # Errors
    /// It cannot be kept; then it is not let in either.
    pub async fn add(&self, name: &str, role: Role) -> Result<(String, Member), NotKept> {
        let token = secret::token()?;
        let (stored, waiting) = oneshot::channel();
        let member = {
            let mut book = self.lock();
            if book.all.phones.len() >= MOST {
                return Err(NotKept::Full);
            }
            book.all.last_id += 1;
            let member = Member { id: book.all.last_id, name: clean(name), role };
            book.all.phones.push(PhoneRow {
                id: member.id,
                name: member.name.clone(),
                role,
                token_sha256: secret::fingerprint(&token),
                seen_unix_s: unix_now(),
            });
            book.seen = false;
            book.written = Instant::now();
            let told = move |is_stored| {
                // Whoever waits for it may be gone by now; the phone is kept all the same.
                let _ = stored.send(is_stored);
            };
            (self.keep)(book.all.clone(), Box::new(told));
            member
        };
        if waiting.await == Ok(true) {
            return Ok((token, member));
        }
        self.remove(member.id);
        Err(NotKept::NotStored)
    }

    /// Forgets a phone; false if there is none of that number.
    pub fn remove(&self, id: u64) -> bool {
        let mut book = self.lock();
        let before = book.all.phones.len();
        book.all.phones.retain(|row| row.id != id);
        let was_there = book.all.phones.len() < before;
        if was_there {
            self.write(&mut book);
        }
        was_there
    }

    /// Forgets all phones.
    pub fn remove_all(&self) {
        let mut book = self.lock();
        book.all.phones.clear();
        self.write(&mut book);
    }

    /// Notes that a phone is there now; written with the next [`Self::write_seen`].
    pub fn seen(&self, id: u64) {
        let mut book = self.lock();
        if let Some(row) = book.all.phones.iter_mut().find(|row| row.id == id) {
            row.seen_unix_s = unix_now();
            book.seen = true;
        }
    }

    /// Writes who was seen, if that was written long enough ago or it `must` be.
    pub fn write_seen(&self, must: bool) {
        let mut book = self.lock();
        if book.seen && (must || book.written.elapsed() >= SEEN_WRITTEN) {
            self.write(&mut book);
        }
    }

    /// All of them, for the unit's screen.
    pub fn list(&self, is_connected: impl Fn(u64) -> bool) -> Vec<Phone> {
        let phone = |row: &PhoneRow| Phone {
            id: row.id,
            name: row.name.clone(),
            role: row.role,
            connected: is_connected(row.id),
            seen_unix_s: row.seen_unix_s,
        };
        self.lock().all.phones.iter().map(phone).collect()
    }

    fn write(&self, book: &mut Book) {
        book.seen = false;
        book.written = Instant::now();
        let told = |is_stored: bool| {
            if !is_stored {
                tracing::error!("the phones cannot be stored at the moment");
            }
        };
        (self.keep)(book.all.clone(), Box::new(told));
    }

    fn lock(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) fn unix_now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// A name as it can stand in one line of a small screen. Characters that turn the line around are left out.
fn clean(name: &str) -> String {
    let is_shown = |c: &char| {
        !c.is_control()
            && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let words: Vec<&str> = name.split_whitespace().collect();
    let name: String = words.join(" ").chars().filter(is_shown).take(NAME_LENGTH).collect();
    let name = name.trim();
    if name.is_empty() { "Phone".into() } else { name.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book(is_stored: bool) -> (PhoneBook, Arc<Mutex<Vec<Phones>>>) {
        let written = Arc::new(Mutex::new(Vec::new()));
        let all = Arc::clone(&written);
        let keep: Keep = Arc::new(move |phones, told| {
            all.lock().unwrap().push(phones);
            told(is_stored);
        });
        (PhoneBook::new(Phones::default(), keep).unwrap(), written)
    }

    fn add(book: &PhoneBook, name: &str) -> Result<(String, Member), NotKept> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(book.add(name, Role::Owner))
    }

    #[test]
    fn a_phone_is_known_by_its_token_until_it_is_forgotten() {
        let (book, written) = book(true);
        assert_eq!(written.lock().unwrap().len(), 1, "the identity is stored at once");
        let (token, anna) = add(&book, "Anna").unwrap();
        let (_, ben) = add(&book, "Ben").unwrap();
        assert_eq!(book.whose(&token), Some(anna.clone()));
        for other in ["", "x", &token[1..], &token.to_uppercase()] {
            assert_eq!(book.whose(other), None, "{other}");
        }
        let last = written.lock().unwrap().last().cloned().unwrap();
        assert!(!format!("{last:?}").contains(&token), "the token itself is kept nowhere");
        assert!(book.remove(anna.id) && !book.remove(anna.id));
        assert_eq!(book.whose(&token), None);
        let (_, carl) = add(&book, "Carl").unwrap();
        assert!(carl.id > ben.id, "no number is used twice");
        book.remove_all();
        assert!(book.list(|_| true).is_empty());
        assert!(written.lock().unwrap().last().unwrap().phones.is_empty());
    }

    #[test]
    fn a_phone_that_cannot_be_stored_is_not_let_in() {
        let (book, written) = book(false);
        assert!(matches!(add(&book, "Anna"), Err(NotKept::NotStored)));
        assert!(book.list(|_| false).is_empty());
        assert!(
            written.lock().unwrap().last().unwrap().phones.is_empty(),
            "nor later, when the disk is back"
        );
    }

    #[test]
    fn there_is_a_most() {
        let (book, _) = book(true);
        for n in 0..MOST {
            add(&book, &n.to_string()).unwrap();
        }
        assert!(matches!(add(&book, "one more"), Err(NotKept::Full)));
    }

    #[test]
    fn being_seen_is_written_rarely() {
        let (book, written) = book(true);
        let (_, anna) = add(&book, "Anna").unwrap();
        let before = written.lock().unwrap().len();
        for _ in 0..100 {
            book.seen(anna.id);
            book.write_seen(false);
        }
        assert_eq!(written.lock().unwrap().len(), before);
        book.write_seen(true);
        book.write_seen(true);
        assert_eq!(written.lock().unwrap().len(), before + 1);
    }

    #[test]
    fn names_are_one_short_line() {
        for (name, shown) in [
            ("  Anna's \n phone ", "Anna's phone"),
            ("", "Phone"),
            ("\u{202e}\u{7}", "Phone"),
            ("a\u{202e}b\u{0}c", "abc"),
        ] {
            assert_eq!(clean(name), shown);
        }
        assert_eq!(clean(&"ä".repeat(100)).chars().count(), 40);
    }
}
