//! seccomp: the system calls that reading an open file needs, and death for every other.
//!
//! What is missing on purpose: everything that takes a path (Landlock does not hide `stat`), makes a
//! process, a thread or a socket, or makes memory executable or shared.
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen as Width, SeccompCmpOp as Op, SeccompCondition,
    SeccompFilter, SeccompRule, TargetArch, apply_filter,
};
use std::collections::BTreeMap;

/// Allowed with any arguments.
const FREE: [libc::c_long; 24] = [
    // the files, all handed in open
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_pread64,
    libc::SYS_lseek,
    libc::SYS_fstat,
    libc::SYS_close,
    // the parent
    libc::SYS_recvmsg,
    libc::SYS_sendto,
    // memory that stays private and without code: the rest is in `limited`
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_brk,
    // the run time
    libc::SYS_futex,
    libc::SYS_sched_yield,
    libc::SYS_restart_syscall,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_clock_gettime,
    libc::SYS_gettimeofday,
    libc::SYS_getrandom,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// Whether the filter is in force.
pub(super) fn allow_reading_only() -> bool {
    program(SeccompAction::KillProcess).is_ok_and(|program| apply_filter(&program).is_ok())
}

fn program(otherwise: SeccompAction) -> Result<BpfProgram, seccompiler::BackendError> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = FREE.iter().map(|&call| (call, Vec::new())).collect();
    for (call, conditions) in limited()? {
        rules.insert(call, vec![SeccompRule::new(conditions)?]);
    }
    SeccompFilter::new(rules, otherwise, SeccompAction::Allow, ARCH)?.try_into()
}

/// Allowed with these arguments only.
fn limited() -> Result<[(libc::c_long, Vec<SeccompCondition>); 5], seccompiler::BackendError> {
    let argument = |index, op, value: i64| {
        SeccompCondition::new(index, Width::Dword, op, u64::from(value.cast_unsigned() as u32))
    };
    let no_code = || argument(2, Op::MaskedEq(EXECUTABLE), 0);
    Ok([
        (
            libc::SYS_mmap,
            vec![
                no_code()?,
                argument(3, Op::MaskedEq(SHARING), i64::from(libc::MAP_PRIVATE | libc::MAP_ANONYMOUS))?,
            ],
        ),
        (libc::SYS_mprotect, vec![no_code()?]),
        // Last words of the run time, to standard output and error: both lead nowhere.
        (libc::SYS_write, vec![argument(0, Op::Le, 2)?]),
        (libc::SYS_fcntl, vec![argument(1, Op::Eq, i64::from(libc::F_GETFD))?]),
        (
            libc::SYS_prlimit64,
            vec![argument(0, Op::Eq, 0)?, argument(1, Op::Eq, i64::from(libc::RLIMIT_CPU))?],
        ),
    ])
}

const EXECUTABLE: u64 = libc::PROT_EXEC.cast_unsigned() as u64;
const SHARING: u64 = (libc::MAP_SHARED | libc::MAP_PRIVATE | libc::MAP_ANONYMOUS).cast_unsigned() as u64;

#[cfg(target_arch = "x86_64")]
const ARCH: TargetArch = TargetArch::x86_64;
#[cfg(target_arch = "aarch64")]
const ARCH: TargetArch = TargetArch::aarch64;

#[cfg(test)]
mod tests {
    use super::{SeccompAction, apply_filter, program};
    use std::fs::File;
    use std::io::{Read, Seek, SeekFrom};
    use std::net::{TcpListener, UdpSocket};
    use std::os::unix::net::UnixStream;
    use std::process::Command;
    use std::thread;

    /// A filter holds for its thread only, so that it can be tried here, with an error in place of death.
    #[test]
    fn open_files_can_be_read_and_nothing_else_can_be_done() {
        let filtered = thread::spawn(|| {
            let own = rustix::process::getpid();
            let mut file = File::open("/proc/self/exe").unwrap();
            apply_filter(&program(SeccompAction::Errno(1)).unwrap()).unwrap();
            let refused =
                |error: Option<std::io::Error>| error.and_then(|error| error.raw_os_error()) == Some(1);
            let mut bytes = [0; 4];
            file.read_exact(&mut bytes).unwrap();
            assert_eq!(&bytes, b"\x7fELF");
            file.seek(SeekFrom::Start(1)).unwrap();
            assert!(rustix::fs::fstat(&file).is_ok());
            assert_eq!(vec![1_u8; 8 << 20].len(), 8 << 20);
            drop(file);
            assert!(refused(File::open("/proc/self/exe").err()), "open");
            assert!(refused(std::fs::metadata("/").err()), "stat");
            assert!(refused(std::fs::read_dir("/").err()), "list");
            assert!(refused(std::fs::remove_file("/nothing/there").err()), "unlink");
            assert!(refused(TcpListener::bind("127.0.0.1:0").err()), "a TCP socket");
            assert!(refused(UdpSocket::bind("127.0.0.1:0").err()), "a UDP socket");
            assert!(refused(UnixStream::pair().err()), "a Unix socket");
            assert!(refused(Command::new("true").spawn().err()), "a process");
            assert!(refused(thread::Builder::new().spawn(|| {}).err()), "a thread");
            assert_eq!(rustix::process::test_kill_process(own), Err(rustix::io::Errno::PERM));
        });
        filtered.join().unwrap();
    }
}
