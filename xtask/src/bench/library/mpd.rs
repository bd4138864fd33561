//! The Music Player Daemon on a private configuration: its own database, a socket of its own, no sound.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::bench::callgrind;
use crate::process;

/// Longest an update may take.
const LIMIT: Duration = Duration::from_secs(900);

/// What a piece of work cost the daemon.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spent {
    /// User plus system seconds.
    pub cpu_s: f64,
    /// Seconds on the clock.
    pub wall_s: f64,
}

/// A running daemon; it ends with this value.
pub struct Mpd {
    child: Child,
    socket: PathBuf,
}

impl Mpd {
    /// Starts it with an empty database over `music`.
    ///
    /// # Errors
    /// If it does not start.
    pub fn start(folder: &Path, music: &Path) -> Result<Self> {
        if folder.exists() {
            std::fs::remove_dir_all(folder)?;
        }
        let nothing = folder.join("nothing");
        std::fs::create_dir_all(&nothing)?;
        // Without a database it would fill one by itself before it can be watched, so it makes an empty one first.
        drop(Self::over(folder, &nothing)?);
        Self::over(folder, music)
    }

    fn over(folder: &Path, music: &Path) -> Result<Self> {
        let config = folder.join("mpd.conf");
        std::fs::write(&config, configuration(folder, music))?;
        let socket = folder.join("socket");
        let child = daemon(&config).spawn().context("cannot start mpd")?;
        let mpd = Self { child, socket };
        let began = Instant::now();
        while mpd.ask("status").is_err() || mpd.is_updating()? {
            ensure!(began.elapsed() < Duration::from_secs(10), "mpd does not answer on its socket");
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(mpd)
    }

    /// `mpc update --wait`.
    ///
    /// # Errors
    /// If it fails or takes for ever.
    pub fn update(&self) -> Result<Spent> {
        let (before, began) = (self.cpu_s()?, Instant::now());
        let mut mpc = Command::new("mpc");
        process::output(mpc.arg("--host").arg(&self.socket).args(["--wait", "update"]))?;
        while self.is_updating()? {
            ensure!(began.elapsed() < LIMIT, "mpd still updates after {} s", LIMIT.as_secs());
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(Spent { cpu_s: self.cpu_s()? - before, wall_s: began.elapsed().as_secs_f64() })
    }

    /// Tracks whose title contains `text`, and what finding them cost.
    ///
    /// # Errors
    /// If the daemon refuses.
    pub fn search(&self, text: &str) -> Result<(usize, Spent)> {
        let (before, began) = (self.cpu_s()?, Instant::now());
        let found =
            self.ask(&format!("search \"(any contains '{}')\" window 0:50", text.replace('\'', "")))?;
        let wall_s = began.elapsed().as_secs_f64();
        let count = found.iter().filter(|line| line.starts_with("file: ")).count();
        Ok((count, Spent { cpu_s: self.cpu_s()? - before, wall_s }))
    }

    /// Tracks in its database.
    ///
    /// # Errors
    /// If it does not say.
    pub fn tracks(&self) -> Result<u64> {
        let said = self.ask("stats")?;
        let songs = said.iter().find_map(|line| line.strip_prefix("songs: ")?.parse().ok());
        songs.context("mpd does not say how many songs it has")
    }

    /// Highest resident memory in bytes.
    ///
    /// # Errors
    /// If the kernel does not tell.
    pub fn peak_rss(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes: u64 =
            line.and_then(|line| line.split_whitespace().next()?.parse().ok()).context("no VmHWM")?;
        Ok(kilobytes * 1024)
    }

    fn is_updating(&self) -> Result<bool> {
        Ok(self.ask("status")?.iter().any(|line| line.starts_with("updating_db:")))
    }

    fn ask(&self, question: &str) -> Result<Vec<String>> {
        let stream = UnixStream::connect(&self.socket)?;
        let mut lines = BufReader::new(stream.try_clone()?).lines();
        lines.next().context("mpd closed its socket")??;
        writeln!(&stream, "{question}")?;
        let mut answer = Vec::new();
        for line in lines {
            let line = line?;
            if line == "OK" {
                return Ok(answer);
            }
            if line.starts_with("ACK") {
                bail!("mpd refuses `{question}`: {line}");
            }
            answer.push(line);
        }
        bail!("mpd broke off in its answer to `{question}`")
    }

    /// User plus system seconds of the process so far (proc(5), fields 14 and 15, hundredths).
    fn cpu_s(&self) -> Result<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let after_name = stat.rsplit_once(')').context("an odd /proc/PID/stat")?.1;
        let fields: Vec<f64> =
            after_name.split_whitespace().skip(11).take(2).filter_map(|f| f.parse().ok()).collect();
        ensure!(fields.len() == 2, "an odd /proc/PID/stat");
        Ok(fields.iter().sum::<f64>() / 100.0)
    }
}

impl Drop for Mpd {
    fn drop(&mut self) {
        // It writes its database when asked to end, which is part of the next start.
        if UnixStream::connect(&self.socket).and_then(|mut stream| stream.write_all(b"kill\n")).is_ok() {
            for _ in 0..200 {
                if matches!(self.child.try_wait(), Ok(Some(_))) {
                    return;
                }
                std::thread::sleep(Duration::from_millis(10));
            }
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn daemon(config: &Path) -> Command {
    let mut command = Command::new("mpd");
    command.arg("--no-daemon").arg(config);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// User instructions of a daemon that starts without a database, fills one from `music` and ends.
///
/// # Errors
/// If valgrind or the daemon fails.
pub fn instructions(folder: &Path, music: &Path) -> Result<f64> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder)?;
    let config = folder.join("mpd.conf");
    std::fs::write(&config, configuration(folder, music))?;
    let plain = daemon(&config);
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
    valgrind.arg(plain.get_program()).args(plain.get_args());
    let said = folder.join("valgrind.txt");
    valgrind.stdin(Stdio::null()).stdout(Stdio::null()).stderr(std::fs::File::create(&said)?);
    let mut mpd =
        Mpd { child: valgrind.spawn().context("cannot start valgrind")?, socket: folder.join("socket") };
    let began = Instant::now();
    // Without a database an update begins before the socket answers.
    while mpd.ask("status").is_err() || mpd.is_updating()? {
        ensure!(began.elapsed() < LIMIT, "mpd under valgrind does not finish");
        std::thread::sleep(Duration::from_millis(50));
    }
    let _ = mpd.ask("kill");
    mpd.child.wait()?;
    callgrind::collected(&std::fs::read_to_string(&said)?).context("valgrind counted nothing for mpd")
}

fn configuration(folder: &Path, music: &Path) -> String {
    let (folder, music) = (folder.display(), music.display());
    format!(
        "music_directory \"{music}\"\nplaylist_directory \"{folder}\"\ndb_file \"{folder}/database\"\n\
         log_file \"{folder}/log\"\nbind_to_address \"{folder}/socket\"\nzeroconf_enabled \"no\"\n\
         auto_update \"no\"\nmax_output_buffer_size \"65536\"\naudio_output {{\n type \"null\"\n name \"none\"\n}}\n"
    )
}
