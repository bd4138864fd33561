//! A medium to scan, an index, and what is in it.
use library::{Index, MediumId, Scan, ScanOptions, ScanOutcome, ScanProgress, ScanStats, WorkerCommand};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

/// A folder as a medium, and an index beside it.
pub struct Stage {
    dir: tempfile::TempDir,
    pub options: ScanOptions,
}

impl Stage {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("medium")).unwrap();
        // Tests share their machine with others; a scan need not wait for them.
        let options = ScanOptions { nice: 0, ..ScanOptions::new(command()) };
        Self { dir, options }
    }

    pub fn root(&self) -> PathBuf {
        self.dir.path().join("medium")
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    pub fn beside(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes a file that is an hour old, its folders included.
    pub fn write(&self, name: impl AsRef<Path>, content: &[u8]) {
        let path = self.root().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        age(&path, 3600);
    }

    /// A small collection; returns its files.
    pub fn collection(&self, artists: usize) -> usize {
        for artist in 0..artists {
            for album in 0..2 {
                for track in 1..=5 {
                    let title = format!("Title {artist}-{album}-{track}");
                    let place = format!("Artist {artist}/Album {album}/{track:02}.wav");
                    self.write(
                        &place,
                        &wav(&title, &format!("Artist {artist}"), &format!("Album {album}"), track),
                    );
                }
            }
        }
        artists * 10
    }

    pub fn index(&self, db: &str) -> Arc<Mutex<Index>> {
        let (index, opened) = Index::open(&self.beside(db)).unwrap();
        assert!(opened.is_none());
        Arc::new(Mutex::new(index))
    }

    pub fn start(&self, db: &str, on_progress: impl FnMut(ScanProgress) + Send + 'static) -> Scan {
        Scan::start(self.index(db), id(), "Stick", &self.root(), self.options.clone(), on_progress)
    }

    /// A whole scan into the index `db`.
    pub fn scan(&self, db: &str) -> ScanStats {
        match self.start(db, |_| ()).join() {
            ScanOutcome::Finished(stats) => stats,
            other => panic!("{other:?}"),
        }
    }

    /// What the index says, row for row, in an order of its own; row numbers left out.
    pub fn dump(&self, db: &str) -> Vec<String> {
        let db = rusqlite::Connection::open(self.beside(db)).unwrap();
        let mut rows = Vec::new();
        for sql in [
            "SELECT CAST(folder.path AS TEXT), CAST(track.name AS TEXT), track.state, size, mtime_ns, inode, track.title,
                    album.title, artist.text, place, duration_ms, format.text, tags
             FROM track JOIN folder ON folder.id = track.folder
             LEFT JOIN album ON album.id = track.album LEFT JOIN name AS artist ON artist.id = track.artist
             LEFT JOIN format ON format.id = track.format",
            "SELECT ident, files, artists, albums, tracks FROM medium",
            "SELECT title, (SELECT text FROM name WHERE id = album.artist), year, tracks FROM album",
            "SELECT kind, text, listed, own, albums, tracks FROM name",
            "SELECT CAST(path AS TEXT), tracks, below, folders FROM folder WHERE below > 0",
        ] {
            let mut statement = db.prepare(sql).unwrap();
            let columns = statement.column_count();
            let row = |row: &rusqlite::Row<'_>| {
                (0..columns).map(|n| Ok(format!("{:?}", row.get_ref(n)?))).collect::<rusqlite::Result<Vec<_>>>()
            };
            let mut part: Vec<String> =
                statement.query_map((), row).unwrap().map(|row| row.unwrap().join("|")).collect();
            part.sort();
            rows.extend(part);
        }
        rows
    }

    /// Paths of the files in the index.
    pub fn names(&self, db: &str) -> Vec<String> {
        let db = rusqlite::Connection::open(self.beside(db)).unwrap();
        let sql = "SELECT CAST(folder.path || '/' || track.name AS TEXT) FROM track JOIN folder
                   ON folder.id = track.folder ORDER BY 1";
        let mut statement = db.prepare(sql).unwrap();
        statement
            .query_map((), |row| Ok(String::from_utf8_lossy(row.get_ref(0)?.as_bytes()?).into_owned()))
            .unwrap()
            .map(|name| name.unwrap().trim_start_matches('/').to_owned())
            .collect()
    }

    pub fn check(&self, db: &str) {
        let db = rusqlite::Connection::open(self.beside(db)).unwrap();
        let said: String = db.query_row("PRAGMA integrity_check", (), |row| row.get(0)).unwrap();
        assert_eq!(said, "ok");
    }
}

pub fn id() -> MediumId {
    MediumId::new("test-medium").unwrap()
}

pub fn command() -> WorkerCommand {
    WorkerCommand {
        program: env!("CARGO_BIN_EXE_library-worker").into(),
        args: vec![library::WORKER_WORD.into()],
    }
}

/// Sets the time of the last change back.
pub fn age(path: &Path, seconds: u64) {
    let then = SystemTime::now() - Duration::from_secs(seconds);
    fs::File::options().write(true).open(path).unwrap().set_modified(then).unwrap();
}

/// Waits until `enough` progress was made; the receiver's end is the scan's.
pub fn progress_channel() -> (impl FnMut(ScanProgress) + Send + 'static, mpsc::Receiver<ScanProgress>) {
    let (send, receive) = mpsc::channel();
    let tell = move |progress| {
        // Nobody listens any more once the test has seen enough.
        let _ = send.send(progress);
    };
    (tell, receive)
}

/// A tagged WAV of a tenth of a second.
pub fn wav(title: &str, artist: &str, album: &str, track: u32) -> Vec<u8> {
    let chunk = |id: &[u8; 4], body: &[u8]| {
        let mut chunk = [id.as_slice(), &(body.len() as u32).to_le_bytes(), body].concat();
        chunk.resize(chunk.len().next_multiple_of(2), 0);
        chunk
    };
    let text = |id: &[u8; 4], text: &str| chunk(id, &[text.as_bytes(), &[0]].concat());
    let format = [
        &1_u16.to_le_bytes()[..],
        &1_u16.to_le_bytes(),
        &8000_u32.to_le_bytes(),
        &16000_u32.to_le_bytes(),
        &2_u16.to_le_bytes(),
        &16_u16.to_le_bytes(),
    ]
    .concat();
    let info = [
        b"INFO".to_vec(),
        text(b"INAM", title),
        text(b"IART", artist),
        text(b"IPRD", album),
        text(b"ITRK", &track.to_string()),
    ]
    .concat();
    let body = [b"WAVE".to_vec(), chunk(b"fmt ", &format), chunk(b"LIST", &info), chunk(b"data", &[0; 1600])]
        .concat();
    chunk(b"RIFF", &body)
}
